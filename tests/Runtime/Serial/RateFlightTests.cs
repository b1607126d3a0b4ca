using Robotics.Drivers.Serial.Emulators;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Guards;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Serial;

/// <summary>The policy of examples/, learnt on tasks/hover-rates.yaml in the simulator, flies hardware/px4-quad/rates.yaml: MAVLink, body rates, 100 Hz.
/// The same through a pseudo-terminal with real processes is <c>robotics bench reactions</c>.</summary>
public sealed class RateFlightTests
{
    private const double TargetHeight = 2;

    [Fact]
    public void Policy_LearntInTheSimulator_HoldsTheEmulatedAutopilotAtItsTarget()
    {
        using RealRobotFlight flight = New();
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), $"{flight.Device.Diagnosis} {flight.Supervisor.Causes}");
        Assert.Equal(0, flight.Rig.Recorded); // nothing that the device did not execute is a step
        long before = flight.Autopilot.Setpoints;
        double farthest = 0;
        for (int i = 0; i < 2000; i++)
        {
            flight.Tick();
            farthest = Math.Max(farthest, Distance(flight.Autopilot));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"farthest from the target in 20 s: {farthest:F3} m");
        Assert.InRange(flight.Autopilot.Setpoints - before, 1999, 2001);
        Assert.Equal(EmulatedMode.External, flight.Autopilot.Mode);
        Assert.InRange(farthest, 0, 1.0);
        Assert.InRange(flight.Rig.Recorded, 1999, 2000);
        Assert.Equal(SafetyAction.Nominal, flight.Supervisor.Action);
    }

    [Fact]
    public void Arming_BeforeTheDeviceIsReadBack_IsRefused()
    {
        using RealRobotFlight flight = New();
        flight.Run(0.05);
        Assert.False(flight.TryArm());
        flight.Run(0.5);
        Assert.Equal(ArmingState.Disarmed, flight.Supervisor.Arming);
        Assert.False(flight.Autopilot.Armed);
    }

    [Fact]
    public void PilotTakesOver_PolicyLosesAuthorityAndNobodyFightsThePilot()
    {
        using RealRobotFlight flight = New();
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        flight.Run(1);
        flight.Autopilot.PilotTakesOver();
        flight.Run(1.5); // heartbeats tell the mode once a second
        Assert.True(flight.Supervisor.Action >= SafetyAction.ControlledStop, $"{flight.Supervisor.Action}");
        Assert.Contains("left our control", flight.Device.Diagnosis, StringComparison.Ordinal);
        flight.Supervisor.Disarm();
        flight.Run(2);
        Assert.True(flight.Autopilot.Armed); // the pilot's motors are the pilot's
        Assert.Equal(EmulatedMode.Hold, flight.Autopilot.Mode);
    }

    [Fact]
    public void DeviceRestartsInFlight_LatchesAndIsNotArmedAgainByItself()
    {
        using RealRobotFlight flight = New();
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        flight.Run(1);
        flight.Autopilot.Restart();
        flight.Run(15);
        Assert.NotEqual(ArmingState.Armed, flight.Supervisor.Arming);
        Assert.False(flight.Autopilot.Armed);
        Assert.False(flight.TryArm()); // latched: first disarm
    }

    // Ctrl-C in flight: the baseline lands, power is cut on the ground and nowhere else, then the loop may end.
    [Fact]
    public void ClosingStop_InFlight_LandsAndIsDisarmedOnTheGround()
    {
        using RealRobotFlight flight = New();
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        flight.Run(1);
        Assert.True(flight.Autopilot.Position.Z > 1.5);
        var closing = new ClosingStop(flight.Robot, flight.Rig);
        bool stopped = false;
        for (int i = 0; !closing.IsOver(); i++)
        {
            Assert.True(i < 60 * flight.Robot.ControlRateHz, $"{flight.Supervisor.Action}, {flight.Autopilot.Position}");
            flight.Tick();
            stopped |= flight.Supervisor.Action == SafetyAction.ControlledStop && flight.Supervisor.Causes.HasFlag(SafetyCauses.Shutdown);
            Assert.True(flight.Supervisor.Action < SafetyAction.PowerCut || flight.Autopilot.Position.Z < 0.1, $"power was cut at {flight.Autopilot.Position.Z} m");
        }
        Assert.True(stopped);
        Assert.Equal((ArmingState.Disarmed, SafetyAction.PowerCut), (flight.Supervisor.Arming, flight.Supervisor.Action));
        Assert.False(flight.Autopilot.Armed);
        Assert.InRange(flight.Autopilot.Position.Z, -0.01, 0.1);
    }

    // A stop that cannot come to an end is bounded, and cuts nobody's motors in the air.
    [Fact]
    public void ClosingStop_VehicleThatIsThePilots_EndsByItsBoundWithTheMotorsRunning()
    {
        using RealRobotFlight flight = New();
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        flight.Autopilot.PilotTakesOver();
        flight.Run(1.5); // heartbeats tell the mode once a second
        var closing = new ClosingStop(flight.Robot, flight.Rig);
        long before = flight.Rig.Loop.Ticks;
        Assert.True(flight.RunUntil(closing.IsOver, 100));
        Assert.InRange((flight.Rig.Loop.Ticks - before) / flight.Robot.ControlRateHz, 59, 62);
        Assert.True(flight.Autopilot.Armed);
    }

    // reactions: {shutdown: soft_limp}: it sinks level, and where its ground is known that is an end, too.
    [Fact]
    public void ClosingStop_ByLimpOverKnownGround_SinksAndIsDisarmedOnTheGround()
    {
        string folder = Directory.CreateTempSubdirectory("rate-flight").FullName;
        string robot = Path.Combine(folder, "robot.yaml"), run = Path.Combine(folder, "run.yaml");
        File.WriteAllText(robot, File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "hardware", "px4-quad", "rates.yaml"))
            .Replace("\nsafety:\n", "\nsafety:\n  reactions: {shutdown: soft_limp}\n", StringComparison.Ordinal));
        File.WriteAllText(run, File.ReadAllText(RealRobotFlight.RunFile("px4-hover-rates.yaml"))
            .Replace("../hardware/px4-quad/rates.yaml", robot, StringComparison.Ordinal).Replace("../tasks", Path.Combine(SharedData.RepositoryRoot, "tasks"), StringComparison.Ordinal));
        using RealRobotFlight flight = New(run);
        Directory.Delete(folder, recursive: true); // everything is read
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        flight.Run(1);
        var closing = new ClosingStop(flight.Robot, flight.Rig);
        long before = flight.Rig.Loop.Ticks;
        bool limp = false;
        while (!closing.IsOver())
        {
            flight.Tick();
            limp |= flight.Supervisor.Action == SafetyAction.SoftLimp;
            Assert.True(flight.Supervisor.Action < SafetyAction.PowerCut || flight.Autopilot.Position.Z < 0.1, $"power was cut at {flight.Autopilot.Position.Z} m");
        }
        Assert.True(limp);
        Assert.InRange((flight.Rig.Loop.Ticks - before) / flight.Robot.ControlRateHz, 3, 20); // two metres at half a metre a second
        Assert.False(flight.Autopilot.Armed);
        Assert.InRange(flight.Autopilot.Position.Z, -0.01, 0.1);
    }

    // Nobody beats after the loop: a watching thread that lived on would let go, and then drop, what hovers.
    [Fact]
    public void ClosingStop_IsOver_NobodyWatchesALoopThatHasEnded()
    {
        using RealRobotFlight flight = New();
        using var guards = new LoopGuards(MonotonicClock.Instance, flight.Supervisor, flight.Rig.Driver, flight.Robot.PeriodNs, acts: false);
        guards.Watch.Start(priority: 1, core: -1);
        flight.Arm();
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 20), flight.Device.Diagnosis);
        var closing = new ClosingStop(flight.Robot, flight.Rig, guards);
        while (!closing.IsOver())
        {
            Assert.True(guards.Watch.IsRunning, "nobody watches a loop that still lands");
            flight.Tick();
        }
        Assert.False(guards.Watch.IsRunning);
    }

    [Fact]
    public void ClosingStop_NotArmed_IsOverAtOnce()
    {
        using RealRobotFlight flight = New();
        flight.Run(0.5);
        Assert.True(new ClosingStop(flight.Robot, flight.Rig).IsOver());
    }

    private static RealRobotFlight New(string? run = null)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "examples", "hover-rates.rpb"));
        Assert.True(PolicyBundle.TryRead(file, out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
        return new RealRobotFlight(run ?? RealRobotFlight.RunFile("px4-hover-rates.yaml"), bundle!.ToImage(), new FlightOptions { FlyOn = true, Explore = false });
    }

    private static double Distance(EmulatedAutopilot autopilot)
    {
        (double x, double y, double z) = (autopilot.Position.X, autopilot.Position.Y, autopilot.Position.Z - TargetHeight);
        return Math.Sqrt((x * x) + (y * y) + (z * z));
    }
}
