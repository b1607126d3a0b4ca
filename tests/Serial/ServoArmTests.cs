using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Servos;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class ServoArmTests
{
    private const long TickNs = 5_000_000; // 200 Hz
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    public static TheoryData<bool> Buses => [true, false];

    [Theory]
    [MemberData(nameof(Buses))]
    public void Cycle_AtTwoHundredHertz_EveryServoAnswersEveryTick(bool feetech)
    {
        var rig = new Rig(feetech);
        rig.MakeReady();
        long before = rig.Driver.FullCycles;
        rig.Run(1.0, SafetyAction.Nominal, _ => 0.1f);
        Assert.InRange(rig.Driver.FullCycles - before, 199, 201);
        Assert.Equal(0, rig.Driver.LostAnswers);
    }

    // A recorded teleoperation: slow sweeps of all joints, one of them past its limit, replayed twice.
    [Theory]
    [MemberData(nameof(Buses))]
    public void Trajectory_TeleoperatedAndReplayed_StaysInsideAllLimitsAndRepeats(bool feetech)
    {
        var rig = new Rig(feetech);
        rig.MakeReady();
        rig.Run(1.0, SafetyAction.Nominal, _ => 0.0f);
        List<float> first = rig.Fly(4.0);
        rig.Run(1.0, SafetyAction.Nominal, _ => 0.0f);
        List<float> second = rig.Fly(4.0);
        for (int i = 0; i < first.Count; i++)
            Assert.Equal(first[i], second[i], 0.02f);
        Assert.All(first, angle => Assert.InRange(angle, -1.51f, 1.51f));
        Assert.All(rig.Bus.Servos, s => Assert.InRange(s.Position, 2048 - 985, 2048 + 985));
        Assert.Contains(first, angle => angle > 1.45f);
        Assert.Equal(ServoArmStage.Ready, rig.Driver.Stage);
    }

    [Theory]
    [MemberData(nameof(Buses))]
    public void Overheated_StopsWhereItIsWithADiagnosisAndTheLoopGoesOn(bool feetech)
    {
        var rig = new Rig(feetech);
        rig.MakeReady();
        rig.Run(0.3, SafetyAction.Nominal, _ => 1.0f);
        rig.Bus.Servos[2].Temperature = 75;
        rig.Run(0.2, SafetyAction.Nominal, _ => 1.0f);
        Assert.Equal(ServoArmStage.Stopped, rig.Driver.Stage);
        Assert.Contains("joint elbow (servo 3) is at 7", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        double[] at = [.. rig.Bus.Servos.Select(s => s.Position)];
        rig.Run(1.0, SafetyAction.Nominal, _ => -1.0f);
        Assert.All(rig.Bus.Servos.Zip(at), p => Assert.Equal(p.Second, p.First.Position, 40.0)); // brakes within 3.5 degrees
        rig.Bus.Servos[2].Temperature = 40;
        rig.Run(0.1, SafetyAction.PowerCut, _ => 0);
        Assert.True(rig.Driver.IsReady);
        Assert.All(rig.Bus.Servos, s => Assert.False(s.Torque));
    }

    [Fact]
    public void Stuck_StopsWithADiagnosis()
    {
        var rig = new Rig(feetech: true);
        rig.MakeReady();
        rig.Run(0.2, SafetyAction.Nominal, _ => 0.0f);
        rig.Bus.Servos[1].Stuck = true;
        rig.Run(1.5, SafetyAction.Nominal, _ => 0.8f);
        Assert.Equal(ServoArmStage.Stopped, rig.Driver.Stage);
        Assert.Contains("shoulder_lift (servo 2) pushes", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public void SilentServo_StopsWithADiagnosis()
    {
        var rig = new Rig(feetech: true);
        rig.MakeReady();
        rig.Bus.Servos[5].Dead = true;
        rig.Run(1.0, SafetyAction.Nominal, _ => 0.0f);
        Assert.Equal(ServoArmStage.Stopped, rig.Driver.Stage);
        Assert.Contains("gripper (servo 6) missed", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherServoModel_IsRefusedBeforeTorque()
    {
        var rig = new Rig(feetech: true, model: 1284);
        rig.Run(2.0, SafetyAction.Nominal, _ => 0.5f);
        Assert.Equal(ServoArmStage.Refused, rig.Driver.Stage);
        Assert.Contains("1284", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.All(rig.Bus.Servos, s => Assert.False(s.Torque));
    }

    [Theory]
    [InlineData(true, 48)]
    [InlineData(false, 98)]
    public void ProtectiveRegisterIgnoresWrites_IsRefused(bool feetech, int register)
    {
        var rig = new Rig(feetech);
        rig.Bus.FrozenRegister = register;
        rig.Run(2.0, SafetyAction.Nominal, _ => 0.5f);
        Assert.Equal(ServoArmStage.Refused, rig.Driver.Stage);
        Assert.Contains("reads back", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    // R16: the host dies in motion. Dynamixel's watchdog stops it; the STS3215 holds its last goal with the limited torque.
    [Theory]
    [MemberData(nameof(Buses))]
    public void HostKilledInMotion_DeclaredBehaviourHolds(bool feetech)
    {
        var rig = new Rig(feetech);
        rig.MakeReady();
        rig.Run(0.25, SafetyAction.Nominal, _ => 1.0f);
        double atKill = rig.Bus.Servos[0].Position;
        rig.Bus.AdvanceTo(rig.Bus.TimeNs + 3_000_000_000);
        double moved = rig.Bus.Servos[0].Position - atKill;
        double goal = 2048 + (1.0 / (2 * Math.PI) * 4096);
        if (feetech)
            Assert.Equal(goal, rig.Bus.Servos[0].Position, 5.0); // the last goal, never beyond it
        else
            Assert.InRange(moved, 0, 3100 * 0.12); // 100 ms at full speed and braking
        Assert.All(rig.Bus.Servos, s => Assert.True((s.Table[rig.Options.Protocol.Registers.TorqueLimit] | (s.Table[rig.Options.Protocol.Registers.TorqueLimit + 1] << 8)) <= 0.5 * rig.Options.Protocol.Registers.TorqueFull));
    }

    [Fact]
    public void ByteLoss_OneInThousand_CyclesGoOn()
    {
        var rig = new Rig(feetech: true);
        rig.MakeReady();
        rig.Faults.Faults = new StreamFaults { ByteLoss = 0.001 };
        rig.Run(5.0, SafetyAction.Nominal, i => (float)Math.Sin(i * 0.01));
        Assert.Equal(ServoArmStage.Ready, rig.Driver.Stage);
        Assert.True(rig.Driver.LostAnswers > 10);
        Assert.True(rig.Driver.FullCycles > 400);
    }

    [Fact]
    public void CablePulledAndBack_IsIdentifiedAnew()
    {
        var rig = new Rig(feetech: true);
        rig.MakeReady();
        rig.Faults.Faults = new StreamFaults { Unplugged = true };
        rig.Run(0.1, SafetyAction.Nominal, _ => 0.5f);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        rig.Faults.Faults = new StreamFaults();
        rig.MakeReady();
    }

    [Fact]
    public void ReadAndWrite_Moving_AllocateNothing()
    {
        var rig = new Rig(feetech: true);
        rig.MakeReady();
        SafeCommand command = CommandForge.Make(new float[6]);
        long allocated = 0;
        for (int i = 0; i < 300; i++)
        {
            rig.Clock.Advance(TickNs);
            rig.Bus.AdvanceTo(rig.Bus.TimeNs + TickNs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            rig.Driver.Read(rig.Sample);
            rig.Driver.Write(command);
            allocated += i < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    // R16: the second process opens the bus after the first died, and nobody answers it.
    [Theory]
    [MemberData(nameof(Buses))]
    public void HostKilledInMotion_SecondProcessLetsTheArmGo(bool feetech)
    {
        var rig = new Rig(feetech);
        rig.MakeReady();
        rig.Run(0.25, SafetyAction.Nominal, _ => 1.0f);
        var limp = new ServoLimp(rig.Options);
        long start = rig.Bus.TimeNs;
        ServoRegisters registers = rig.Options.Protocol.Registers;
        int Limit() => rig.Bus.Servos.Max(s => s.Table[registers.TorqueLimit] | (s.Table[registers.TorqueLimit + 1] << 8));
        int before = Limit();
        for (int i = 0; !limp.IsLimp && i < 100; i++)
        {
            limp.Step(rig.Faults);
            rig.Bus.AdvanceTo(start + (ServoLimp.StepNs(0.5) * (i + 1)));
            Assert.True(Limit() < before || before == 0, $"torque limit {before} -> {Limit()}");
            before = Limit();
        }
        Assert.All(rig.Bus.Servos, s => Assert.False(s.Torque));
        Assert.InRange((rig.Bus.TimeNs - start) / 1e9, 0.5, 0.6);
    }

    [Fact]
    public void Options_FeetechThatDeclaresStop_IsAProblemWithAReason()
    {
        string folder = Directory.CreateTempSubdirectory("arm").FullName;
        File.WriteAllText(Path.Combine(folder, "calibration.yaml"), "joints:\n  base: {id: 1, zero_steps: 2048, direction: 1}\n");
        string robot = Path.Combine(folder, "robot.yaml");
        File.WriteAllText(robot, """
            driver: {kind: feetech, endpoint: "serial:/dev/ttyACM0:1000000", calibration_file: calibration.yaml, torque_limit: 0.5, on_host_loss: stop}
            channels:
              joints:
                - {name: base, min_rad: -1, max_rad: 1}
            """);
        ConfigDocument document = ConfigDocument.Load(robot);
        ServoArmOptions options = ServoArmOptions.Read(document.Root);
        ConfigProblem problem = Assert.Single(document.Problems);
        Assert.Contains("watchdog", problem.Message, StringComparison.Ordinal);
        Assert.Equal(new ServoJoint("base", 1, 2048, 1, -1, 1), Assert.Single(options.Joints));
        Directory.Delete(folder, recursive: true);
    }

    // A pipe gives its bytes once: whoever opens it a second time, for the hash or for the values, waits for ever.
    [Fact]
    public async Task Options_CalibrationFile_IsReadOnceForItsHashAndItsValues()
    {
        string folder = Directory.CreateTempSubdirectory("arm").FullName;
        string pipe = Path.Combine(folder, "calibration.yaml");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        byte[] calibration = "\uFEFFjoints:\n  base: {id: 7, zero_steps: 2048, direction: -1}\n"u8.ToArray(); // with a byte order mark, which sha256sum counts
        ConfigDocument document = ConfigDocument.Parse("""
            driver: {kind: feetech, endpoint: "serial:/dev/ttyACM0:1000000", calibration_file: calibration.yaml, torque_limit: 0.5, on_host_loss: hold}
            channels:
              joints:
                - {name: base, min_rad: -1, max_rad: 1}
            """, Path.Combine(folder, "robot.yaml"));
        Task<ServoArmOptions> reading = Task.Run(() => ServoArmOptions.Read(document.Root));
        await File.WriteAllBytesAsync(pipe, calibration, TestContext.Current.CancellationToken).WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        ServoArmOptions options = await reading.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        Assert.Empty(document.Problems);
        Assert.Equal(new ServoJoint("base", 7, 2048, -1, -1, 1), Assert.Single(options.Joints));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(calibration)), options.Calibration);
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Rig
    {
        private static readonly string[] s_names = ["shoulder_pan", "shoulder_lift", "elbow", "wrist_flex", "wrist_roll", "gripper"];

        public Rig(bool feetech, int model = -1)
        {
            IServoProtocol protocol = feetech ? new FeetechProtocol() : new DynamixelProtocol();
            Options = new ServoArmOptions
            {
                Endpoint = new ByteEndpoint(EndpointKind.Serial, "/dev/x", 1_000_000),
                Protocol = protocol,
                Joints = [.. s_names.Select((n, i) => new ServoJoint(n, (byte)(i + 1), 2048, i == 3 ? -1 : 1, -1.5, 1.5))],
                BusWatchdogS = feetech ? 0 : 0.1,
            };
            var pair = new MemoryStreamPair();
            Faults = new FaultyByteStream(pair.Host, Clock, 4);
            Bus = new EmulatedServoBus(protocol, pair.Device, 6, model >= 0 ? model : feetech ? 777 : 1060);
            Driver = new ServoArmDriver(Options, Faults, Clock);
            Sample = new SensorSample(Driver.StateChannels);
        }

        public ManualClock Clock { get; } = new(1_000_000_000);

        public ServoArmOptions Options { get; }

        public FaultyByteStream Faults { get; }

        public EmulatedServoBus Bus { get; }

        public ServoArmDriver Driver { get; }

        public SensorSample Sample { get; }

        public void MakeReady()
        {
            for (int i = 0; i < 400 && !Driver.IsReady; i++)
                Run(TickNs / 1e9, SafetyAction.PowerCut, _ => 0);
            Assert.True(Driver.IsReady, Driver.Diagnosis);
        }

        public void Run(double seconds, SafetyAction action, Func<int, float> goal)
        {
            var values = new float[6];
            for (int i = 0; i < (int)Math.Round(seconds * 200); i++)
            {
                Clock.Advance(TickNs);
                Bus.AdvanceTo(Bus.TimeNs + TickNs);
                Driver.Read(Sample);
                values.AsSpan().Fill(goal(i));
                Driver.Write(CommandForge.Make(values, action));
            }
        }

        /// <summary>One pass of the recorded motion; returns every joint angle of every tick.</summary>
        public List<float> Fly(double seconds)
        {
            var angles = new List<float>();
            for (int i = 0; i < (int)(seconds * 200); i++)
            {
                float t = i / 200f;
                Run(TickNs / 1e9, SafetyAction.Nominal, _ => 1.8f * MathF.Sin(MathF.PI * t / 2));
                for (int j = 0; j < 6; j++)
                    angles.Add(Sample.Values[j * 4]);
            }
            return angles;
        }
    }
}
