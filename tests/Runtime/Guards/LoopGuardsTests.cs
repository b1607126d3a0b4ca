using Robotics.Core;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Tests.Control;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Guards;

public sealed class LoopGuardsTests : IDisposable
{
    private readonly BreakableDriver _driver;
    private readonly RaptorFlight _flight;
    private readonly LoopGuards _guards;
    private readonly long _period;

    public LoopGuardsTests()
    {
        BreakableDriver? made = null;
        _flight = new RaptorFlight(new FlightOptions { Between = d => made = new BreakableDriver(d) });
        _driver = made!;
        _period = _flight.Robot.PeriodNs;
        _guards = new LoopGuards(MonotonicClock.Instance, _flight.Robot.Supervisor, _flight.Rig.Driver, _period, acts: true);
        _flight.Memory.Policies.TryPut(RaptorFlight.Image());
        for (int i = 0; i < 50; i++)
            Tick();
        Assert.Equal(ArmingState.Armed, _flight.Robot.Supervisor.Arming);
    }

    public void Dispose()
    {
        _guards.Dispose();
        _flight.Dispose();
    }

    private void Tick(int missed = 0)
    {
        _guards.OnTick(_flight.NowNs, missed);
        _flight.Tick();
    }

    [Fact]
    public void Look_LoopStandsStill_LimpsWithinThreePeriodsThenCutsAndTheLoopFindsItselfStopped()
    {
        long beat = _flight.NowNs;
        _guards.OnTick(beat, 0);
        long half = _period / 2;
        int looks = 0;
        while (!_guards.Watch.Look(beat + (++looks * half)))
            Assert.InRange(looks, 0, 6);
        Assert.InRange(looks * half, (long)(2.5 * _period), 3 * _period);
        Assert.Equal(SafetyAction.SoftLimp, _driver.LastWritten);
        _guards.Watch.Look(beat + 1_100_000_000);
        Assert.Equal(SafetyAction.PowerCut, _driver.LastWritten);
        Assert.Equal(1, _guards.Watch.Trips);
        Tick();
        Assert.Equal(SafetyAction.ControlledStop, _flight.Robot.Supervisor.Action);
        Assert.Equal(ArmingState.Latched, _flight.Robot.Supervisor.Arming);
    }

    [Fact]
    public void Look_OneSkippedTick_TripsNothing()
    {
        _guards.OnTick(_flight.NowNs, 0);
        Assert.False(_guards.Watch.Look(_flight.NowNs + (2 * _period)));
    }

    // Two threads, one driver: whoever finds the other inside goes on without.
    [Fact]
    public void Look_LoopHangsInsideItsDriver_DoesNotEnterIt()
    {
        int writes = _driver.Writes;
        long beat = _flight.NowNs;
        _guards.OnTick(beat, 0);
        _driver.Inside = () =>
        {
            _driver.Inside = null;
            Assert.True(_guards.Watch.Look(beat + (4 * _period)));
        };
        _flight.Tick();
        Assert.Equal(writes + 1, _driver.Writes);
        Assert.Equal(1, _flight.Rig.Driver.Collisions);
    }

    [Fact]
    public void OnTick_MoreThanTenOfAHundredLate_StopsTheRobot()
    {
        for (int i = 0; i < 10; i++)
            Tick(missed: 1);
        Assert.Equal(SafetyAction.Nominal, _flight.Robot.Supervisor.Action);
        Tick(missed: 1);
        Assert.Equal(SafetyAction.ControlledStop, _flight.Robot.Supervisor.Action);
        Assert.True(_flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.Overrun));
    }

    [Fact]
    public void OnTickAndLook_AllocateNothing() =>
        AllocationGuard.AssertNone(() =>
        {
            _guards.OnTick(_flight.NowNs, 0);
            _guards.Watch.Look(_flight.NowNs + (3 * _period));
            _flight.Tick();
        });

    // The real thread: it looks, and the arming check says that it lives.
    [Fact]
    public void Start_Thread_LooksAndIsAlive()
    {
        Assert.False(_guards.Watch.IsAlive(MonotonicClock.Instance.NowNs));
        _guards.Watch.Start(priority: 1, core: -1);
        long deadline = MonotonicClock.Instance.NowNs + 20_000_000_000;
        while (!_guards.Watch.IsAlive(MonotonicClock.Instance.NowNs) && MonotonicClock.Instance.NowNs < deadline)
            Thread.Yield();
        Assert.True(_guards.Watch.IsAlive(MonotonicClock.Instance.NowNs));
    }

    [Fact]
    public void Readiness_SimulatedRobot_ConfirmsDeviceClockAndDiskButNoLearnerThatNobodySpeaksOf()
    {
        using EdgeMemory memory = EdgeMemory.Private();
        using var readiness = new Readiness(_flight.Robot.Supervisor, _flight.Robot.Driver, memory.Agent, "/tmp/robotics-not-there/yet");
        SafetySupervisor supervisor = CheckedSupervisor.With("device_identity, device_timeout, device_timeout, calibration, clock, disk, learner");
        using var both = new Readiness(supervisor, _flight.Robot.Driver, memory.Agent, "/tmp");
        long now = MonotonicClock.Instance.NowNs;
        both.Confirm(now);
        Assert.Equal(ArmingChecks.Learner, CheckedSupervisor.MissingOf(supervisor) & ~ArmingSettings.Always);
        new AgentStatus { TimeNs = now, LearnerConnected = 1 }.PutInto(memory.Agent);
        both.Confirm(now + 1_000_000);
        Assert.Equal(ArmingChecks.None, CheckedSupervisor.MissingOf(supervisor) & ~ArmingSettings.Always);
        both.Confirm(now + 3_000_000_000); // the agent fell silent
        Assert.Equal(ArmingChecks.Learner, CheckedSupervisor.MissingOf(supervisor) & ~ArmingSettings.Always);
    }

    [Fact]
    public void Readiness_DeviceThatIsLostInFlight_StopsTheRobotAndAllocatesNothing()
    {
        var device = new ReadyDriver(_flight.Robot.Driver) { IsReady = true };
        using EdgeMemory memory = EdgeMemory.Private();
        using var readiness = new Readiness(_flight.Robot.Supervisor, device, memory.Agent, "/tmp");
        AllocationGuard.AssertNone(() => readiness.Confirm(_flight.NowNs));
        Tick();
        Assert.Equal(SafetyAction.Nominal, _flight.Robot.Supervisor.Action);
        device.IsReady = false;
        readiness.Confirm(_flight.NowNs);
        Tick();
        Assert.Equal(SafetyAction.ControlledStop, _flight.Robot.Supervisor.Action);
        Assert.True(_flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.DeviceMismatch));
    }

    private sealed class ReadyDriver(IRobotDriver robot) : IRobotDriver, IDeviceReadiness
    {
        public bool IsReady { get; set; }

        public double CommandTimeoutS => 0.1;

        public bool IsObeying => true;

        public string Diagnosis => "a device of the test";

        public ChannelLayout StateChannels => robot.StateChannels;

        public ChannelLayout CommandChannels => robot.CommandChannels;

        public ReadStatus Read(SensorSample sample) => robot.Read(sample);

        public WriteStatus Write(in SafeCommand command) => robot.Write(command);

        public void Dispose() => robot.Dispose();
    }
}
