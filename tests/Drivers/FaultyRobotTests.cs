using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Drivers.Tests;

public sealed class FaultyRobotTests
{
    private const int PositionX = 0;
    private readonly ManualClock _clock = new(1_000_000_000);

    [Theory]
    [InlineData("{kind: freeze, channels: position, from_s: 0.05}")]
    [InlineData("{kind: stuck, channels: position, from_s: 0.05}")]
    [InlineData("{kind: delay, channels: position, from_s: 0.05, amount: 0.03}")]
    [InlineData("{kind: drop, from_s: 0.05}")]
    [InlineData("{kind: duplicate, channels: position, from_s: 0.05}")]
    [InlineData("{kind: reorder, channels: position, from_s: 0.05}")]
    [InlineData("{kind: nan, channels: position, from_s: 0.05}")]
    [InlineData("{kind: bias, channels: position, from_s: 0.05, amount: 2}")]
    [InlineData("{kind: spike, channels: position, from_s: 0.05, amount: 5, probability: 1}")]
    [InlineData("{kind: noise, channels: position, from_s: 0.05, amount: 0.5}")]
    [InlineData("{kind: clock_step, channels: position, from_s: 0.05, amount: -3600}")]
    public void Read_EachSensorFault_DoesWhatItsNameSaysAndNothingBefore(string fault)
    {
        using FaultyRobot robot = Robot(fault);
        var sample = new SensorSample(robot.StateChannels);
        robot.Reset(Falling(robot));
        (float Value, long Time) healthy = default, broken = default, trueBroken = default;
        ReadStatus status = ReadStatus.Ok;
        for (int k = 0; k < 10; k++)
        {
            status = robot.Read(sample);
            if (k == 4)
                healthy = (sample.Values[PositionX], sample.TimesNs[PositionX]);
            Assert.True(k >= 5 || sample.Values[PositionX] == robot.TrueSample.Values[PositionX]);
            _clock.Advance(10_000_000);
        }
        broken = (sample.Values[PositionX], sample.TimesNs[PositionX]);
        trueBroken = (robot.TrueSample.Values[PositionX], robot.TrueSample.TimesNs[PositionX]);
        string kind = fault.Split([':', ',', '}'])[1].Trim();
        bool asNamed = kind switch
        {
            "freeze" => broken.Time == healthy.Time + 10_000_000 && broken.Value != trueBroken.Value,
            "stuck" => broken.Time == trueBroken.Time && broken.Value != trueBroken.Value,
            "delay" => broken.Time == trueBroken.Time - 30_000_000 && broken.Value != trueBroken.Value,
            "drop" => status == ReadStatus.Unchanged && broken == healthy,
            "duplicate" => broken.Time == trueBroken.Time - 10_000_000,
            "reorder" => broken.Time == trueBroken.Time - 30_000_000,
            "nan" => float.IsNaN(broken.Value),
            "bias" => Math.Abs(broken.Value - trueBroken.Value - 2) < 1e-5,
            "spike" => Math.Abs(broken.Value - trueBroken.Value - 5) < 1e-5,
            "noise" => broken.Value != trueBroken.Value && Math.Abs(broken.Value - trueBroken.Value) < 5,
            _ => broken.Time == trueBroken.Time - 3_600_000_000_000,
        };
        Assert.True(asNamed, $"{kind}: {broken} against {trueBroken}");
    }

    [Fact]
    public void Read_UnknownKindAndChannel_AreListedWithTheirLines()
    {
        var document = Document("{kind: melt, channels: elbow}");
        RobotDrivers.Create(document.Root, _clock, 1).Dispose();
        Assert.Contains(document.Problems, p => p.Message.Contains("'melt' is not one of freeze", StringComparison.Ordinal));
        Assert.Contains(document.Problems, p => p.Message.Contains("no state channel 'elbow'", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ManyFaults_AllocatesNothing()
    {
        using FaultyRobot robot = Robot("{kind: noise, channels: position, amount: 0.1}, {kind: delay, channels: linear_velocity, amount: 0.02}, {kind: drop, probability: 0.3}");
        var sample = new SensorSample(robot.StateChannels);
        AllocationGuard.AssertNone(() =>
        {
            robot.Read(sample);
            _clock.Advance(10_000_000);
        });
    }

    private FaultyRobot Robot(string faults)
    {
        ConfigDocument document = Document(faults);
        var robot = Assert.IsType<FaultyRobot>(RobotDrivers.Create(document.Root, _clock, 1));
        Assert.Empty(document.Problems);
        return robot;
    }

    private static ConfigDocument Document(string faults)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "hardware", "sim-quad-x500-sim", "robot.yaml"));
        return ConfigDocument.Parse(text.Replace("  model: quadrotor", $"  model: quadrotor\n  faults: [{faults}]", StringComparison.Ordinal), "robot.yaml");
    }

    private static float[] Falling(FaultyRobot robot)
    {
        var state = new float[robot.StateChannels.Count];
        Array.Fill(state, float.NaN);
        (state[7], state[8], state[9]) = (1, 2, 3); // moving, so that every sample differs
        return state;
    }
}
