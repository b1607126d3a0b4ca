using Robotics.Core;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

public sealed class ControlCycleTests : IDisposable
{
    private readonly RaptorFlight _flight = new(new FlightOptions());
    private readonly Guest _guest = new();
    private readonly ControlCycle _cycle;

    public ControlCycleTests()
    {
        _cycle = new ControlCycle(_flight.Robot, _flight.Rig, _flight.Memory, new FlightClock(_flight), guests: [_guest]);
        _flight.Memory.Policies.TryPut(RaptorFlight.Image());
    }

    public void Dispose() => _flight.Dispose();

    private void Run(int periods = 1, int missed = 0)
    {
        for (int i = 0; i < periods; i++)
        {
            _flight.Pacer.WaitForNextTick();
            _cycle.Run(missed);
        }
    }

    [Fact]
    public void Run_Flying_TellsItsStatusAndAllocatesNothing()
    {
        Run(2000);
        var status = default(ControlStatus);
        Assert.True(ControlStatus.TryTakeFrom(_flight.Memory.Status, ref status));
        Assert.Equal((_flight.Rig.Boot, 2000L, ActionSource.Policy, ArmingState.Armed), (status.Boot, status.Ticks, status.Authority, status.Arming));
        Assert.True(_guest.Periods == 2000);
        AllocationGuard.AssertNone(
            () =>
            {
                Run(missed: 1);
                _flight.Memory.Records.TryRead(out _);
                _flight.Memory.Records.Release();
            },
            times: 2000);
        Assert.True(_cycle.MissedPeriods >= 2000);
    }

    [Fact]
    public void Run_GuestThrows_BaselineFliesFromTheNextPeriodOn()
    {
        Run(50);
        _guest.Throws = true;
        Run(2);
        Assert.Equal(SafetyAction.Baseline, _flight.Robot.Supervisor.Action);
        Assert.IsType<TimeoutException>(_flight.Rig.Loop.Fault);
    }

    // I4 over the whole way: what the supervisor did, once each, in the agent's file; a dead agent's successor reads on.
    [Fact]
    public void Run_Transitions_ArriveInTheAgentsLogOnceEach()
    {
        string folder = Directory.CreateTempSubdirectory("robotics-safety-log").FullName;
        string path = Path.Combine(folder, "safety.jsonl");
        try
        {
            Run(10);
            using (var first = new SafetyLog(_flight.Memory.Transitions, path))
                first.Drain();
            _flight.Rig.Obey(OperatorVerb.EmergencyStop);
            Run(10);
            using (var second = new SafetyLog(_flight.Memory.Transitions, path))
                second.Drain();
            string[] lines = File.ReadAllLines(path);
            Assert.Equal(_flight.Robot.Supervisor.Journal.Count, lines.Length);
            Assert.Contains("\"to\":\"power_cut\"", lines[^1], StringComparison.Ordinal);
            Assert.Contains("\"causes\":\"emergency_stop\"", lines[^1], StringComparison.Ordinal);
            Assert.Contains($"\"boot\":\"{_flight.Rig.Boot:x16}\"", lines[^1], StringComparison.Ordinal);
            Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The operator's stop latches; a simulated robot that arms itself does so no more until a person arms it.
    [Fact]
    public void Obey_StopAcknowledgeArm_MovesOnlyAfterTheLast()
    {
        Run(50);
        _flight.Rig.Obey(OperatorVerb.EmergencyStop);
        Run(5);
        Assert.Equal((ArmingState.Latched, SafetyAction.PowerCut), (_flight.Rig.Arming, _flight.Rig.Action));
        _flight.Rig.Obey(OperatorVerb.Acknowledge);
        Run(50);
        Assert.Equal((ArmingState.Disarmed, SafetyAction.PowerCut), (_flight.Rig.Arming, _flight.Rig.Action));
        _flight.Rig.Obey(OperatorVerb.Arm);
        Run(5);
        Assert.Equal(ArmingState.Armed, _flight.Rig.Arming);
    }

    // R18: a request made against a latch is refused and forgotten, so that acknowledging alone never lets a robot move that arms itself.
    [Fact]
    public void Obey_ArmAgainstALatch_PermitsNothingLater()
    {
        Run(50);
        _flight.Rig.Obey(OperatorVerb.EmergencyStop);
        Run(5);
        _flight.Rig.Obey(OperatorVerb.Arm);
        Run(50);
        Assert.Equal(ArmingState.Latched, _flight.Rig.Arming);
        _flight.Rig.Obey(OperatorVerb.Acknowledge);
        Run(50);
        Assert.Equal((ArmingState.Disarmed, SafetyAction.PowerCut), (_flight.Rig.Arming, _flight.Rig.Action));
    }

    [Fact]
    public void TryTakeFrom_DamagedRing_SkipsWhatIsNoEntry()
    {
        using EdgeMemory memory = EdgeMemory.Private();
        memory.Transitions.TryReserve(10, out Span<byte> frame);
        frame.Fill(0xff);
        memory.Transitions.Commit(10);
        SafetyEntry.Of(7, new SafetyTransition(3, 4, SafetyAction.Nominal, SafetyAction.Baseline, SafetyCauses.Cage, ActionSource.Baseline, default)).TryPutInto(memory.Transitions);
        Assert.True(SafetyEntry.TryTakeFrom(memory.Transitions, out SafetyEntry entry));
        Assert.Equal((7UL, 3L, 4L, SafetyCauses.Cage), (entry.Boot, entry.Tick, entry.TimeNs, entry.Causes));
        Assert.False(SafetyEntry.TryTakeFrom(memory.Transitions, out _));
    }

    private sealed class Guest : ICycleGuest
    {
        public int Periods { get; private set; }

        public bool Throws { get; set; }

        public void OnPeriod(ControlStatus status)
        {
            Periods++;
            if (Throws)
                throw new TimeoutException("a guest that breaks its contract");
        }
    }

    private sealed class FlightClock(RaptorFlight flight) : IClock
    {
        public long NowNs => flight.NowNs;
    }
}
