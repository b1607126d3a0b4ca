using Robotics.Cli.Bench;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Safety;

namespace Robotics.Cli.Safety;

/// <summary>R14 on the wall clock: the control loop of a flying robot hangs again and again, and its watching thread, on another core, takes over.</summary>
/// <remarks>Loop, guards and driver gate are those of the control process, in this one: nobody can stop one thread of a process from outside. The
/// hang is a guest of the cycle that computes for too long. The calling thread flies; where it may, it is real-time already.</remarks>
internal sealed class HangTrials : ICycleGuest, IDisposable
{
    private const int RateHz = 500;
    private const int WatchPriority = 81; // the control process's, one above its loop
    private const long HangNs = 30_000_000; // fifteen periods
    private const long PatienceNs = 10_000_000_000;

    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly SeededRandom _random;
    private readonly RobotRig _robot;
    private readonly ControlRig _control;
    private readonly LoopGuards _guards;
    private readonly ControlCycle _cycle;
    private readonly RealTimePacer _pacer;
    private LimpWitness? _witness;
    private bool _hangs;
    private long _beganNs;

    public HangTrials(ulong seed)
    {
        _random = new SeededRandom(seed, "hang");
        IClock clock = MonotonicClock.Instance;
        RunDescription run = RunDescription.Load(Installation.PathOf("runs/hover.yaml"));
        _robot = RobotRig.Load(
            run, clock, [$"control_rate_hz={RateHz}", $"driver.integrator_rate_hz={RateHz}", "driver.disturbance_force_std_n=0", "driver.disturbance_torque_std_n_m=0"]);
        _control = new ControlRig(
            _robot, clock, _memory, boot: 1, new FlightOptions { FlyOn = true, Explore = false, Record = false, Between = d => _witness = new LimpWitness(d) });
        _guards = new LoopGuards(clock, _robot.Supervisor, _control.Driver, _robot.PeriodNs, acts: true);
        _cycle = new ControlCycle(_robot, _control, _memory, clock, guards: _guards, guests: [this]);
        _pacer = new RealTimePacer(clock, _robot.PeriodNs);
        _memory.Policies.TryPut(RestingPolicy.Bundle(_robot).ToImage());
    }

    public HangResult Run(int hangs)
    {
        _guards.Watch.Start(WatchPriority, Environment.ProcessorCount > 1 ? 0 : -1);
        var reactionsMs = new List<double>();
        int latched = 0;
        for (int i = 0; i < hangs; i++)
        {
            FlyUntilArmed();
            for (int k = _random.NextInt(20); k > 0; k--)
                Tick();
            _witness!.LimpNs = 0;
            _hangs = true;
            Tick();
            if (_witness.LimpNs != 0)
                reactionsMs.Add((_witness.LimpNs - _beganNs) / 1e6);
            Tick();
            latched += _robot.Supervisor.Arming == ArmingState.Latched && _robot.Supervisor.Action >= SafetyAction.ControlledStop ? 1 : 0;
            _control.Obey(OperatorVerb.Acknowledge);
            _control.Obey(OperatorVerb.Arm);
        }
        reactionsMs.Sort();
        double worst = reactionsMs.Count == 0 ? double.PositiveInfinity : reactionsMs[^1];
        return new HangResult
        {
            Hangs = hangs,
            Unanswered = hangs - reactionsMs.Count,
            WorstReactionMs = worst,
            MedianReactionMs = reactionsMs.Count == 0 ? double.PositiveInfinity : reactionsMs[reactionsMs.Count / 2],
            WorstReactionPeriods = worst * 1e6 / _robot.PeriodNs,
            Latched = latched,
        };
    }

    /// <inheritdoc/>
    public void OnPeriod(ControlStatus status)
    {
        if (!_hangs)
            return;
        _hangs = false;
        long until = _beganNs + HangNs;
        while (MonotonicClock.Instance.NowNs < until)
        {
        }
    }

    public void Dispose()
    {
        _guards.Dispose();
        _control.Dispose();
        _robot.Dispose();
        _memory.Dispose();
    }

    private void Tick()
    {
        int missed = _pacer.WaitForNextTick();
        _beganNs = MonotonicClock.Instance.NowNs;
        _cycle.Run(missed > HangNs / _robot.PeriodNs / 2 ? 0 : missed); // the hang itself is the watching thread's to judge, not the count of late ticks
    }

    private void FlyUntilArmed()
    {
        long deadline = MonotonicClock.Instance.NowNs + PatienceNs;
        while (_robot.Supervisor.Arming != ArmingState.Armed || _robot.Supervisor.Action > SafetyAction.Clamp)
        {
            Tick();
            if (_robot.Supervisor.Latched)
            {
                _control.Obey(OperatorVerb.Acknowledge); // the machine itself held the loop up
                _control.Obey(OperatorVerb.Arm);
            }
            if (MonotonicClock.Instance.NowNs > deadline)
                throw new FailureException($"the loop did not fly within {PatienceNs / 1_000_000_000} s: {_robot.Supervisor.Arming}, causes {_robot.Supervisor.Causes}");
        }
    }

    // When the watching thread's limp came by on its way to the robot. Written under the gate by one thread at a time.
    private sealed class LimpWitness(IRobotDriver robot) : IRobotDriver
    {
        private long _limpNs;

        public long LimpNs
        {
            get => Volatile.Read(ref _limpNs);
            set => Volatile.Write(ref _limpNs, value);
        }

        public ChannelLayout StateChannels => robot.StateChannels;

        public ChannelLayout CommandChannels => robot.CommandChannels;

        public ReadStatus Read(SensorSample sample) => robot.Read(sample);

        public WriteStatus Write(in SafeCommand command)
        {
            if (command.Action == SafetyAction.SoftLimp && LimpNs == 0)
                LimpNs = MonotonicClock.Instance.NowNs;
            return robot.Write(command);
        }

        public void Dispose() => robot.Dispose();
    }
}
