using System.Security.Cryptography;
using Robotics.Configuration;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Servos;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Serial;

/// <summary>hardware/so101-arm and hardware/dynamixel-arm through the whole control loop: a person's motion, its replay, and servos that fail on the way.</summary>
public sealed class ArmFlightTests : IDisposable
{
    private const int Joints = 6;
    private const double MaxRate = 2; // rad/s, safety.commands of both profiles
    private const double MaxRateChange = 20; // rad/s2
    private readonly string _folder = Directory.CreateTempSubdirectory("arm-flight").FullName;

    [Theory]
    [InlineData("so101-arm")]
    [InlineData("dynamixel-arm")]
    public void Trajectory_TeleoperatedThenReplayed_StaysInsideAllLimitsAndRepeats(string robot)
    {
        var person = new Person();
        using RealRobotFlight flight = New(robot, person);
        flight.Arm();
        float[][] taught = Move(flight, person, seconds: 6);
        List<float[]> recorded = Recorded(flight);
        Assert.InRange(recorded.Count, 590, 600); // 100 Hz for 6 s, less the step in which the episode began
        AssertInsideLimits(flight, taught);
        Assert.Contains(taught, q => q[5] > 1.65f); // the gripper was driven against its limit of 1.7 rad

        var replay = new Replay(recorded);
        using RealRobotFlight again = New(robot, replay);
        again.Arm();
        float[][] replayed = Move(again, replay, seconds: 6);
        AssertInsideLimits(again, replayed);
        for (int i = 0; i < replayed.Length; i++)
        {
            for (int j = 0; j < Joints; j++)
                Assert.Equal(taught[i][j], replayed[i][j], 0.08f); // one 10 ms step at 2 rad/s, and what the servo lags
        }
    }

    [Theory]
    [InlineData("stuck", "pushes")]
    [InlineData("overheated", "degC")]
    [InlineData("dead", "missed")]
    public void ServoFailsInMotion_ControlledStopWithADiagnosisAndTheLoopGoesOn(string failure, string words)
    {
        using RealRobotFlight flight = New("so101-arm", new Person { Started = true });
        flight.Arm();
        flight.Run(1.5);
        EmulatedServo elbow = Bus(flight).Servos[2];
        switch (failure)
        {
            case "stuck":
                elbow.Stuck = true;
                break;
            case "dead":
                elbow.Dead = true;
                break;
            default:
                elbow.Temperature = 75;
                break;
        }
        Assert.True(flight.RunUntil(() => flight.Supervisor.Action == SafetyAction.ControlledStop, 3), $"{flight.Supervisor.Action}, {flight.Supervisor.Causes}");
        Assert.Contains("elbow (servo 3)", flight.Device.Diagnosis, StringComparison.Ordinal);
        Assert.Contains(words, flight.Device.Diagnosis, StringComparison.Ordinal);
        flight.Run(0.3);
        double[] at = [.. Bus(flight).Servos.Select(s => s.Position)];
        long ticks = flight.Rig.Loop.Ticks;
        flight.Run(2);
        Assert.Equal(ticks + 400, flight.Rig.Loop.Ticks);
        Assert.Null(flight.Rig.Loop.Fault);
        Assert.All(Bus(flight).Servos.Zip(at), p => Assert.Equal(p.Second, p.First.Position, 12.0)); // one degree
        Assert.Equal(ArmingState.Latched, flight.Supervisor.Arming);
        (elbow.Stuck, elbow.Dead, elbow.Temperature) = (false, false, 30);
        flight.Supervisor.Disarm();
        flight.Run(0.5);
        Assert.True(flight.TryArm(), $"{flight.Device.Diagnosis} {flight.Supervisor.Causes}");
        Assert.True(flight.RunUntil(() => flight.Supervisor.Action <= SafetyAction.Clamp, 1), $"{flight.Supervisor.Action}, {flight.Supervisor.Causes}");
    }

    // Ctrl-C in motion: the joints decelerate and are held; letting go gently is the limping process's, which sees that control has left.
    [Fact]
    public void ClosingStop_InMotion_DeceleratesHoldsAndKeepsTheTorque()
    {
        var person = new Person();
        using RealRobotFlight flight = New("so101-arm", person);
        flight.Arm();
        Move(flight, person, seconds: 2);
        var closing = new ClosingStop(flight.Robot, flight.Rig);
        Assert.False(closing.IsOver());
        long before = flight.Rig.Loop.Ticks;
        Assert.True(flight.RunUntil(closing.IsOver, 5), $"{flight.Supervisor.Action}, {flight.Supervisor.Rest}");
        Assert.InRange(flight.Rig.Loop.Ticks - before, 3, 0.5 * flight.Robot.ControlRateHz); // 2 rad/s at 10 rad/s2: 0.2 s
        Assert.Equal((SafetyAction.ControlledStop, BaselineRest.Held), (flight.Supervisor.Action, flight.Supervisor.Rest));
        flight.Run(0.2); // the servos' own lag
        double[] at = [.. Bus(flight).Servos.Select(s => s.Position)];
        flight.Run(0.2);
        Assert.All(Bus(flight).Servos.Zip(at), p => Assert.Equal(p.Second, p.First.Position, 1.0)); // a step
        Assert.All(Bus(flight).Servos, s => Assert.True(s.Torque));
    }

    // R19: the hash of the calibration that is flown, against the one robot.yaml was signed off with.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Arming_CalibrationByItsHash_IsConfirmedOrRefused(bool asSignedOff)
    {
        string arm = ArmThatAsksForItsCalibration(declared: true);
        if (!asSignedOff)
            File.AppendAllText(Path.Combine(arm, "calibration.yaml"), "# touched\n");
        using RealRobotFlight flight = New(arm, new Person());
        if (asSignedOff)
        {
            flight.Arm();
            return;
        }
        Assert.True(flight.RunUntil(() => flight.Device.IsReady, 20), flight.Device.Diagnosis);
        flight.Run(0.1);
        flight.Supervisor.Confirm(ArmingChecks.LimpProcess, ok: true);
        Assert.False(flight.TryArm());
        ControlStatus status = default;
        flight.Rig.Describe(ref status, flight.Robot, 0, 0);
        Assert.Equal(ArmingChecks.Calibration, status.ArmingMissing);
    }

    [Fact]
    public void Check_CalibrationAskedForAndNotDeclared_IsAProblemThatSaysHow()
    {
        string robot = Path.Combine(ArmThatAsksForItsCalibration(declared: false), "robot.yaml");
        Assert.Contains("driver.calibration_sha256", Assert.Throws<ConfigurationException>(() => RobotProfile.Check(robot)).Message, StringComparison.Ordinal);
    }

    private string ArmThatAsksForItsCalibration(bool declared)
    {
        string source = Path.Combine(SharedData.RepositoryRoot, "hardware", "so101-arm");
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "arm")).FullName;
        string hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, "calibration.yaml"))));
        string robot = File.ReadAllText(Path.Combine(source, "robot.yaml")).Replace("checks: [policy,", "checks: [calibration, policy,", StringComparison.Ordinal);
        if (declared)
            robot = robot.Replace("calibration_file: calibration.yaml", $"calibration_file: calibration.yaml\n  calibration_sha256: {hash}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "robot.yaml"), robot);
        File.Copy(Path.Combine(source, "calibration.yaml"), Path.Combine(folder, "calibration.yaml"));
        return folder;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RealRobotFlight New(string robot, Script source)
    {
        string names = string.Join(", ", ServoNames.Select(n => $"joint.{n}.position"));
        File.WriteAllText(Path.Combine(_folder, "task.yaml"), $$"""
            task: arm-motion
            policy_rate_hz: 100
            observation: {frame: [{quantity: channels, channels: [{{names}}]}]}
            action: {initial: middle}
            reward: {terms: []}
            termination: []
            truncation: {max_steps: 100000}
            reset: {}
            """);
        string run = Path.Combine(_folder, "run.yaml");
        File.WriteAllText(run, $$"""
            run: arm-motion
            robot: {{Path.Combine(SharedData.RepositoryRoot, "hardware", robot, "robot.yaml")}}
            task: task.yaml
            steps: 1000
            algorithm: {kind: none}
            publish: {every_steps: 100}
            lockstep: {lead_steps: 100}
            link: {endpoint: "tcp://127.0.0.1:5555"}
            spool: {fsync_interval_ms: 50, max_mib: 64}
            checkpoint: {every_steps: 100}
            evaluation: {episodes: 1}
            """);
        using RobotRig shape = RobotRig.Load(RunDescription.Load(run), new ManualClock(1), attach: false);
        return new RealRobotFlight(run, Rehearsal.IdlePolicy(shape.Task), new FlightOptions { Explore = false, FlyOn = true, Outside = [source] });
    }

    private static string[] ServoNames { get; } = ["shoulder_pan", "shoulder_lift", "elbow", "wrist_flex", "wrist_roll", "gripper"];

    private static EmulatedServoBus Bus(RealRobotFlight flight) => (EmulatedServoBus)((EmulatorByteStream)((ServoArmDriver)flight.Robot.Driver).Stream).Device;

    // Joint angles of every tick in which the policy side was in charge.
    private static float[][] Move(RealRobotFlight flight, Script script, double seconds)
    {
        Assert.True(flight.RunUntil(() => flight.Rig.IsFlying, 2), $"{flight.Device.Diagnosis} {flight.Supervisor.Causes}");
        script.Started = true;
        var angles = new List<float[]>();
        for (int i = 0; i < seconds * 200; i++)
        {
            flight.Tick();
            Assert.True(flight.Supervisor.Action <= SafetyAction.Clamp, $"{flight.Supervisor.Action}, {flight.Supervisor.Causes}");
            angles.Add([.. Bus(flight).Servos.Select(s => (float)((s.Position - 2048) * 2 * Math.PI / 4096))]);
        }
        return [.. angles];
    }

    private static void AssertInsideLimits(RealRobotFlight flight, float[][] angles)
    {
        ChannelLayout command = flight.Robot.Driver.CommandChannels;
        for (int j = 0; j < Joints; j++)
        {
            for (int i = 0; i < angles.Length; i++)
            {
                Assert.InRange(angles[i][j], command[j].Minimum - 0.01, command[j].Maximum + 0.01);
                if (i >= 10) // over 50 ms: a servo's position is whole steps
                    Assert.InRange(Math.Abs(angles[i][j] - angles[i - 10][j]) / 0.05, 0, MaxRate * 1.15);
            }
        }
        Assert.Equal(ServoArmStage.Ready, ((ServoArmDriver)flight.Robot.Driver).Stage);
    }

    private static List<float[]> Recorded(RealRobotFlight flight)
    {
        var commands = new List<float[]>();
        var record = new TransitionRecord(flight.Robot.Schema);
        while (flight.Memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
        {
            Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
            Assert.Equal(ActionSource.Human, record.Source);
            var command = new float[Joints];
            flight.Robot.Task.Action.ToCommand(record.Executed, command);
            commands.Add(command);
        }
        flight.Memory.Records.Release();
        return commands;
    }

    /// <summary>A person at a leader arm: sweeps of all joints, jerky hands included, the gripper beyond its limit.</summary>
    private sealed class Person : Script
    {
        protected override void Fill(int tick, Span<float> values)
        {
            double t = tick / 200.0;
            for (int j = 0; j < Joints; j++)
            {
                double amplitude = j == 5 ? 1.71 : 0.9;
                double sweep = amplitude * (1 - Math.Cos((0.9 + (0.1 * j)) * t)) / 2;
                values[j] = (float)(sweep + (t > 4 && t < 4.02 ? 0.2 : 0)); // a jerk that only the limiter tames
            }
        }
    }

    /// <summary>What was executed, again: one command per policy step.</summary>
    private sealed class Replay(List<float[]> commands) : Script
    {
        // Between two recorded steps in a straight line: a staircase would be a jerk in every tick.
        protected override void Fill(int tick, Span<float> values)
        {
            float[] before = commands[Math.Min(tick / 2, commands.Count - 1)];
            float[] after = commands[Math.Min((tick + 1) / 2, commands.Count - 1)];
            for (int j = 0; j < Joints; j++)
                values[j] = (before[j] + after[j]) / 2;
        }
    }

    /// <summary>Somebody who proposes from the moment they are told to start, and stands at their first pose before.</summary>
    private abstract class Script : IProposalSource
    {
        private int _tick;

        public bool Started { get; set; }

        public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
        {
            Fill(_tick, proposal.Values);
            _tick += Started ? 1 : 0;
            proposal.Length = Joints;
            proposal.Source = ActionSource.Human;
            return true;
        }

        protected abstract void Fill(int tick, Span<float> values);
    }
}
