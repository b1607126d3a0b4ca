using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Models;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

/// <summary>hardware/so101-peg: the insertion task's arm over the bus of emulated servos.</summary>
public sealed class EmulatedPegArmTests
{
    private const long TickNs = 5_000_000; // 200 Hz
    private static readonly string s_robot = Path.Combine(SharedData.RepositoryRoot, "hardware", "so101-peg", "robot.yaml");

    [Fact]
    public void Read_AfterAReset_TellsThePlaceThatServoStepsAllow()
    {
        var rig = new Rig();
        rig.Reset(x: 0.16f, y: -0.02f, z: 0.03f, yaw: 0.3f, holeX: 0.18f, holeY: 0.01f, holeYaw: -0.05f);
        float[] v = rig.Sample.Values.ToArray();
        Assert.Equal(0.16f, v[0], 0.0015f); // half a step of 1.5 mrad in each of three joints, over 0.35 m at most
        Assert.Equal(-0.02f, v[1], 0.0015f);
        Assert.Equal(0.03f, v[2], 0.0015f);
        Assert.Equal(0.3f, v[ArmChannels.Yaw], 0.003f);
        Assert.Equal(v[0] - 0.18f, v[ArmChannels.PegToHole], 1e-6f);
        Assert.Equal(v[ArmChannels.Yaw] + 0.05f, v[ArmChannels.PegToHole + 3], 1e-6f);
        Assert.Equal(0, v[ArmChannels.Contact]);
    }

    // 0.04 m/s for half a second; the servos' position loop follows 67 ms behind and comes to rest where it was sent.
    [Fact]
    public void Write_TipVelocity_MovesTheTipThatFarAndStopsIt()
    {
        var rig = new Rig();
        rig.Reset(x: 0.15f, z: 0.04f);
        float start = rig.Sample.Values[0];
        rig.Run(0.5, 0.04f, 0, 0, 0.2f);
        Assert.InRange(rig.Sample.Values[ArmChannels.TipVelocity], 0.03f, 0.05f);
        Assert.InRange(rig.Sample.Values[0] - start, 0.015f, 0.019f);
        rig.Run(0.5, 0, 0, 0, 0);
        Assert.Equal(0.02f, rig.Sample.Values[0] - start, 0.001f);
        Assert.Equal(0.04f, rig.Sample.Values[2], 0.001f);
        Assert.Equal(0.1f, rig.Sample.Values[ArmChannels.Yaw], 0.004f);
        Assert.InRange(rig.Arm.FullCycles, 190, 250); // every tick's answers came over the bus
    }

    [Theory]
    [InlineData(0.0003f, 0.0f, true)]
    [InlineData(0.0030f, 0.0f, false)]
    [InlineData(0.0003f, 0.2f, false)]
    public void Write_Down_EntersTheHoleOnlyWithinBothClearances(float lateral, float yaw, bool fits)
    {
        var rig = new Rig();
        rig.Reset(x: 0.17f, z: 0.015f, yaw: yaw, holeX: 0.17f, alignTo: lateral);
        rig.Run(2, 0, 0, -0.04f, 0);
        Assert.True(fits || rig.Sample.Values[ArmChannels.Contact] == 1, "the plate does not hold the peg back");
        Assert.Equal(fits ? -0.02f : 0f, rig.Sample.Values[2], 0.001f);
        rig.Run(0.5, 0, 0, 0.04f, 0); // the reference waited: it comes up at once
        Assert.InRange(rig.Sample.Values[2], fits ? -0.008f : 0.01f, 0.03f);
        Assert.Equal(0, rig.Sample.Values[ArmChannels.Contact]);
    }

    [Fact]
    public void Write_PressedOnThePlate_SlidesAlongIt()
    {
        var rig = new Rig();
        rig.Reset(x: 0.15f, z: 0.005f, holeX: 0.18f, holeY: 0.01f);
        rig.Run(0.5, 0, 0, -0.04f, 0);
        float start = rig.Sample.Values[0];
        rig.Run(1, 0.03f, 0, -0.01f, 0);
        Assert.InRange(rig.Sample.Values[0] - start, 0.02f, 0.032f);
        Assert.Equal(0, rig.Sample.Values[2], 0.001f);
        Assert.Equal(1, rig.Sample.Values[ArmChannels.Contact]);
    }

    // After the episode before ended elsewhere, nothing of it is seen or reached for.
    [Fact]
    public void Reset_InMotion_StandsAtTheNewPlace()
    {
        var rig = new Rig();
        rig.Reset(x: 0.15f, y: -0.03f, z: 0.05f);
        rig.Run(0.3, 0.04f, 0.04f, 0, 0.6f);
        rig.Reset(x: 0.20f, y: 0.03f, z: 0.03f);
        float[] placed = rig.Sample.Values.ToArray();
        Assert.Equal(0.20f, placed[0], 0.0015f);
        rig.Run(0.3, 0, 0, 0, 0);
        for (int i = 0; i < 3; i++)
            Assert.Equal(placed[i], rig.Sample.Values[i], 0.001f);
    }

    [Fact]
    public void Write_PowerCut_LetsTheServosGo()
    {
        var rig = new Rig();
        rig.Reset(x: 0.15f, z: 0.04f);
        rig.Run(0.1, 0.04f, 0, 0, 0);
        Assert.True(rig.Arm.IsObeying);
        rig.Run(0.1, 0.04f, 0, 0, 0, SafetyAction.PowerCut);
        Assert.False(rig.Arm.IsObeying);
        Assert.Equal(WriteStatus.Refused, rig.Arm.Write(default));
    }

    [Fact]
    public void Read_RealBus_IsRefusedWithTheReason()
    {
        ConfigDocument document = ConfigDocument.Load(s_robot);
        document.Override("servos.endpoint=serial:/dev/ttyACM0:1000000");
        EmulatedPegArm.Read(document.Root, new ManualClock(1)).Dispose();
        Assert.Contains(document.Problems, p => p.Message.Contains("exist in the emulator only", StringComparison.Ordinal));
    }

    private sealed class Rig
    {
        private readonly ManualClock _clock = new(1_000_000_000);

        public Rig()
        {
            Arm = Assert.IsType<EmulatedPegArm>(EmulatedPegArm.Read(ConfigDocument.Load(s_robot).Root, _clock));
            Sample = new SensorSample(Arm.StateChannels);
            for (int i = 0; i < 400 && !Arm.IsReady; i++)
                Tick([0, 0, 0, 0], SafetyAction.PowerCut);
            Assert.True(Arm.IsReady, Arm.Diagnosis);
        }

        public EmulatedPegArm Arm { get; }

        public SensorSample Sample { get; }

        /// <summary>Resets; <paramref name="alignTo"/> puts the hole that far beside where the tip really came to stand.</summary>
        public void Reset(float x, float z, float y = 0, float yaw = 0, float holeX = 0.2f, float holeY = 0, float holeYaw = 0, float alignTo = float.NaN)
        {
            var state = new float[ArmChannels.StateCount];
            (state[0], state[1], state[2], state[ArmChannels.Yaw]) = (x, y, z, yaw);
            (state[ArmChannels.Hole], state[ArmChannels.Hole + 1], state[ArmChannels.Hole + 2]) = (holeX, holeY, holeYaw);
            Arm.Reset(state);
            Assert.Equal(ReadStatus.Ok, Arm.Read(Sample));
            if (!float.IsNaN(alignTo))
                Reset(x, z, y, yaw, Sample.Values[0] + alignTo, Sample.Values[1], holeYaw);
        }

        public void Run(double seconds, float x, float y, float z, float yaw, SafetyAction action = SafetyAction.Nominal)
        {
            for (int i = 0; i < (int)Math.Round(seconds * 200); i++)
                Tick([x, y, z, yaw], action);
        }

        private void Tick(float[] command, SafetyAction action)
        {
            _clock.Advance(TickNs);
            Arm.Read(Sample);
            WriteStatus status = Arm.Write(CommandForge.Make(command, action));
            Assert.True(status == WriteStatus.Ok, $"{status}: {Arm.Diagnosis}");
        }
    }
}
