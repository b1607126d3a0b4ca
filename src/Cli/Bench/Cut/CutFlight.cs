using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>`bench kill --cut`: the control process's own loop flies with a camera on a simulated clock while the learner at the other end of a TCP link is gone, then back.</summary>
/// <remarks>One thread turns control period, agent and learner after each other, so that nothing depends on the machine's speed; only the sockets are real, and they are waited
/// for while the robot's clock stands.</remarks>
internal sealed class CutFlight : IDisposable
{
    private const string RunFile = "runs/camera-hover.yaml";
    private const long PatienceNs = 60_000_000_000;
    private const long MillisecondNs = 1_000_000;

    private readonly string _store;
    private readonly ManualClock _clock = new(1);
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ControlRig _control;
    private readonly ControlCycle _cycle;
    private readonly LockstepPacer _pacer;
    private readonly PolicyBundle _policy;
    private readonly string _spool;
    private readonly string _endpoint;
    private readonly ZmqEdgeChannel _channel;
    private readonly AgentLoop _agent;
    private CutLearner? _learner;
    private long _ofOthers;
    private long _ringPendingMax;

    /// <summary>A flight whose spool and store lie below <paramref name="folder"/>.</summary>
    public CutFlight(string folder)
    {
        RunDescription run = RunDescription.Load(Installation.PathOf(RunFile));
        (_spool, _store) = (Path.Combine(folder, "spool"), Path.Combine(folder, "store"));
        _robot = RobotRig.Load(run, _clock);
        ulong boot = Identity64.Of("boot", "cut");
        _control = new ControlRig(_robot, _clock, _memory, boot, new FlightOptions { FlyOn = true, Explore = false });
        _cycle = new ControlCycle(_robot, _control, _memory, _clock);
        _pacer = new LockstepPacer(_clock, _robot.PeriodNs);
        _policy = RestingPolicy.Bundle(_robot);
        _learner = new CutLearner("tcp://127.0.0.1:*", _store, _robot.Schema, _policy);
        _endpoint = _learner.Endpoint;
        _channel = new ZmqEdgeChannel(_endpoint, null, null);
        _agent = new AgentLoop(
            _memory, EdgeProcess.AgentOptionsOf(run, _robot, folder, boot), _channel, EdgeProcess.GateOf(run, _robot, folder),
            new PolicyStore(Path.Combine(folder, "bundles"), flush: false), EdgeProcess.DeliveryOf(_robot));
    }

    /// <summary>Flies: with the learner, without it, with it again, until it has everything.</summary>
    public CutResult Fly(double beforeS, double cutS, double afterS)
    {
        WaitUntil(() => _control.IsFlying, flies: true, "no policy came over the link");
        long changedBefore = _robot.Supervisor.Counters.InterventionTicks;
        Fly(beforeS);
        _ofOthers += _learner!.OfOthers;
        _learner.Dispose();
        _learner = null;
        (long recorded, long flown, long bytes) = (_control.Recorded, _cycle.Flown, SpoolBytes());
        Fly(1); // what the loss of the connection costs once is not growth
        MemoryUse memory = MemoryUse.Now();
        Fly(cutS - 1);
        memory = MemoryUse.Now().Since(memory);
        (recorded, flown, bytes) = (_control.Recorded - recorded, _cycle.Flown - flown, SpoolBytes() - bytes);
        if (_agent.Link!.State == EdgeLinkState.Connected)
            throw new FailureException("the link outlived its learner: nothing was cut");
        _learner = new CutLearner(_endpoint, _store, _robot.Schema, _policy);
        WaitUntil(() => _agent.Link.State == EdgeLinkState.Connected, flies: false, "the link did not come back");
        Fly(afterS);
        long changed = _robot.Supervisor.Counters.InterventionTicks - changedBefore;
        WaitUntil(() => _agent.Acknowledged == (ulong)_control.Recorded, flies: false, $"the learner does not have everything: {_agent.Acknowledged} of {_control.Recorded}");
        return Judge(new CutResult(
            CutSeconds: cutS, TicksInCut: flown, MissedTicks: _cycle.MissedPeriods, BaselineTicks: changed, Dropped: _memory.Records.Dropped,
            RecordedInCut: recorded, MegabytesInCut: Math.Round(bytes / 1e6, 1), Recorded: _control.Recorded,
            ImageBytes: _robot.Schema.ImageBytes, Lost: 0, Duplicated: 0, Differing: 0, NotByPolicy: 0, HeapGrowthBytes: memory.HeapBytes,
            AnonymousGrowthBytes: memory.AnonymousBytes, MappedGrowthBytes: memory.MappedBytes, RingPendingMaxBytes: _ringPendingMax, BytesPerTransition: 0));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _agent.Dispose();
        _channel.Dispose();
        _learner?.Dispose();
        _control.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    private void Fly(double seconds)
    {
        long until = _cycle.Flown + (long)Math.Round(seconds * _robot.ControlRateHz);
        while (_cycle.Flown < until)
        {
            if (!Tick())
                throw new FailureException($"the robot stopped flying at tick {_cycle.Flown}: {_robot.Supervisor.Causes} {_control.Loop.Fault?.Message}");
        }
    }

    private bool Tick()
    {
        bool flying = _cycle.Run(_pacer.WaitForNextTick());
        TurnOthers();
        return flying;
    }

    private void TurnOthers()
    {
        _agent.Turn(_clock.NowNs);
        _ringPendingMax = Math.Max(_ringPendingMax, _memory.Records.PendingBytes);
        _learner?.Turn(_clock.NowNs);
    }

    // Sockets take the machine's time. Where the robot does not fly meanwhile its clock still moves a little, for commits and resends.
    private void WaitUntil(Func<bool> condition, bool flies, string otherwise)
    {
        long start = MonotonicClock.Instance.NowNs;
        while (!condition())
        {
            if (MonotonicClock.Instance.NowNs - start > PatienceNs)
                throw new FailureException($"{otherwise} within {PatienceNs / 1e9:F0} s: {_agent.Link?.State} {_agent.Link?.Trouble} {_agent.Policies.LastRefusal}");
            if (flies)
            {
                Tick();
            }
            else
            {
                _clock.Advance(MillisecondNs);
                TurnOthers();
            }
            _agent.Wait(1);
        }
    }

    private long SpoolBytes() => SegmentFile.List(new SpoolStream(_robot.RobotId, _control.Boot).PathIn(_spool)).Sum(s => new FileInfo(s.Path).Length);

    // Spool and store side by side, record by record.
    private CutResult Judge(CutResult result)
    {
        _agent.Commit();
        _ofOthers += _learner!.OfOthers;
        _learner.Dispose();
        _learner = null;
        var stream = new SpoolStream(_robot.RobotId, _control.Boot);
        using SpoolReader spooled = SpoolReader.Open(_spool, stream, _robot.Schema), stored = SpoolReader.Open(_store, stream, _robot.Schema);
        long lost = 0, differing = 0, duplicated = 0, bytes = 0;
        ulong last = 0;
        bool more = stored.TryRead(out ReadOnlySpan<byte> theirs, out TransitionHeader there);
        while (spooled.TryRead(out ReadOnlySpan<byte> ours, out TransitionHeader here))
        {
            if (!more || there.Sequence != here.Sequence)
            {
                lost++;
                continue;
            }
            duplicated += there.Sequence <= last ? 1 : 0;
            differing += ours.SequenceEqual(theirs) ? 0 : 1;
            (last, bytes) = (there.Sequence, bytes + theirs.Length);
            more = stored.TryRead(out theirs, out there);
        }
        lost += result.Recorded - lost - (long)last; // not even spooled
        return result with
        {
            Lost = lost,
            Duplicated = duplicated + (more ? 1 : 0),
            Differing = differing,
            NotByPolicy = _ofOthers,
            BytesPerTransition = last == 0 ? 0 : Math.Round((double)bytes / last, 1),
        };
    }
}
