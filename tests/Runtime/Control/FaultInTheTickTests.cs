using System.Reflection;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Control;
using Robotics.Safety;

namespace Robotics.Runtime.Tests.Control;

/// <summary>An exception anywhere in the tick: the baseline goes out in the same period, and it latches.</summary>
public sealed class FaultInTheTickTests
{
    private static RaptorFlight Flying(out BreakableDriver driver)
    {
        BreakableDriver? made = null;
        var flight = new RaptorFlight(new FlightOptions { Between = d => made = new BreakableDriver(d) });
        flight.Memory.Policies.TryPut(RaptorFlight.Image());
        for (int i = 0; i < 50; i++)
            flight.Tick();
        Assert.Equal(SafetyAction.Nominal, flight.Robot.Supervisor.Action);
        driver = made!;
        return flight;
    }

    private static void AssertBaselineWentOutAndLatched(RaptorFlight flight, BreakableDriver driver, long ticksBefore)
    {
        Assert.Equal(ticksBefore + 1, flight.Rig.Loop.Ticks);
        Assert.Equal(SafetyAction.Baseline, driver.LastWritten);
        Assert.True(flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.InternalFault));
        Assert.Equal(ArmingState.Latched, flight.Robot.Supervisor.Arming);
        Assert.NotNull(flight.Rig.Loop.Fault);
    }

    [Fact]
    public void Tick_DriverReadThrows_BaselineInTheSamePeriod()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        long before = flight.Rig.Loop.Ticks;
        driver.ReadsThatThrow = 1;
        flight.Tick();
        AssertBaselineWentOutAndLatched(flight, driver, before);
        Assert.Null(flight.Rig.Loop.SecondFault);
    }

    [Fact]
    public void Tick_DriverWriteThrows_BaselineIsWrittenInTheSamePeriod()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        long before = flight.Rig.Loop.Ticks;
        driver.WritesThatThrow = 1;
        flight.Tick();
        AssertBaselineWentOutAndLatched(flight, driver, before);
        Assert.Null(flight.Rig.Loop.SecondFault);
    }

    // Nothing reaches the device: the loop goes on, and the baseline is written as soon as the device takes it.
    [Fact]
    public void Tick_DriverWriteKeepsThrowing_LoopGoesOnAndBaselineFliesWhenTheDeviceIsBack()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        driver.WritesThatThrow = 20;
        for (int i = 0; i < 10; i++)
            flight.Tick();
        Assert.NotNull(flight.Rig.Loop.SecondFault);
        flight.Tick();
        Assert.Equal(SafetyAction.Baseline, driver.LastWritten);
    }

    // What is thrown after the driver took the command (the recorder's place): the baseline follows it in the same period.
    [Fact]
    public void Tick_ThrowsAfterTheWrite_BaselineFollowsInTheSamePeriodAndTheStepIsNoTransition()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        var clock = new BreakableClock();
        flight.Rig.Loop.Timings = new TickTimings(clock);
        flight.Tick();
        long recorded = flight.Rig.Recorded;
        long before = flight.Rig.Loop.Ticks;
        int written = driver.Writes;
        clock.ThrowsAtReading = clock.Readings + 7; // begin, read, inspect, policy, arbitrate, filter, write
        flight.Tick();
        AssertBaselineWentOutAndLatched(flight, driver, before);
        Assert.Equal(written + 2, driver.Writes);
        Assert.InRange(flight.Rig.Recorded, recorded, recorded + 1); // the step before ended in this tick; the failed one never did
    }

    // The recorder itself, in its two places: adding a tick to the step, after the write; closing and opening steps, before the filter.
    [Theory]
    [InlineData(nameof(StepRecorder.AddTick))]
    [InlineData(nameof(StepRecorder.Close))]
    public void Tick_RecorderThrows_BaselineLatchesAndTheLoopGoesOn(string where)
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        long recorded = flight.Rig.Recorded;
        object recorder = FieldOf(flight.Rig, "_recorder");
        string field = where == nameof(StepRecorder.AddTick) ? "_record" : "_maxLength";
        object whole = FieldOf(recorder, field);
        TransitionSchema schema = flight.Robot.Schema;
        SetField(recorder, field, where == nameof(StepRecorder.AddTick)
            ? new TransitionRecord(new TransitionSchema(schema.Task, schema.TaskHash, schema.FrameLength, schema.PrivilegedLength, 1, schema.HistoryLength))
            : (object)8);
        for (int i = 0; i < flight.Robot.TicksPerStep; i++)
            flight.Tick();
        Assert.IsType<ArgumentException>(flight.Rig.Loop.Fault, exactMatch: false);
        Assert.Equal((SafetyAction.Baseline, ArmingState.Latched), (driver.LastWritten, flight.Robot.Supervisor.Arming));
        for (int i = 0; i < 100; i++) // the recorder stays broken
            flight.Tick();
        Assert.Equal(50 + flight.Robot.TicksPerStep + 100, flight.Rig.Loop.Ticks);
        Assert.Equal(SafetyAction.Baseline, driver.LastWritten);
        Assert.Null(flight.Rig.Loop.SecondFault);
        SetField(recorder, field, whole);
        flight.Rig.Obey(OperatorVerb.Acknowledge);
        flight.Rig.Obey(OperatorVerb.Arm);
        for (int i = 0; i < 100; i++)
            flight.Tick();
        Assert.Equal(SafetyAction.Nominal, driver.LastWritten);
        Assert.True(flight.Rig.Recorded > recorded);
    }

    private static object FieldOf(object owner, string name) => Field(owner, name).GetValue(owner)!;

    private static void SetField(object owner, string name, object value) => Field(owner, name).SetValue(owner, value);

    private static FieldInfo Field(object owner, string name) => owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;

    [Fact]
    public void Tick_DeviceRefusesCommands_IsADriverFaultThatStopsTheRobot()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        driver.Status = WriteStatus.Faulted;
        flight.Tick();
        flight.Tick();
        Assert.Equal(SafetyAction.ControlledStop, flight.Robot.Supervisor.Action);
        Assert.True(flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.DriverFault));
    }

    [Fact]
    public void Distrust_FaultBesideTheLoop_BaselineFliesFromTheNextFilterOn()
    {
        using RaptorFlight flight = Flying(out BreakableDriver driver);
        flight.Rig.Loop.Distrust(new TimeoutException("a guest of the cycle"));
        flight.Tick();
        Assert.Equal(SafetyAction.Baseline, driver.LastWritten);
        Assert.IsType<TimeoutException>(flight.Rig.Loop.Fault);
    }

    private sealed class BreakableClock : IClock
    {
        public int Readings { get; private set; }

        public int ThrowsAtReading { get; set; } = -1;

        public long NowNs => ++Readings == ThrowsAtReading ? throw new TimeoutException("a clock that breaks once") : Readings;
    }
}
