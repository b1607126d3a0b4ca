using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Drivers.Tests;

public sealed class SimulatedQuadrotorTests
{
    private static readonly float[] s_allNaN = [.. Enumerable.Repeat(float.NaN, 23)];
    private readonly ManualClock _clock = new(1_000_000);

    private SimulatedQuadrotor Robot(string name = "ltf-crazyflie", ulong seed = 1)
    {
        var document = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", $"sim-quad-{name}", "robot.yaml"));
        var robot = Assert.IsType<SimulatedQuadrotor>(RobotDrivers.Create(document.Root, _clock, seed));
        Assert.Empty(document.Problems);
        return robot;
    }

    [Fact]
    public void Layout_OfSimulatedQuadrotor_HasSharedNamesAndPrivilegedTail()
    {
        using SimulatedQuadrotor robot = Robot();
        Assert.Equal([0, 1, 2], robot.StateChannels.TryIndicesOf(ChannelNames.Position)!);
        Assert.Equal([3, 4, 5, 6], robot.StateChannels.TryIndicesOf(ChannelNames.Orientation)!);
        Assert.Equal([7, 8, 9], robot.StateChannels.TryIndicesOf(ChannelNames.LinearVelocity)!);
        Assert.Equal([10, 11, 12], robot.StateChannels.TryIndicesOf(ChannelNames.AngularVelocity)!);
        Assert.All(robot.StateChannels.Take(13), c => Assert.False(c.Privileged));
        Assert.All(robot.StateChannels.Skip(13), c => Assert.True(c.Privileged));
        Assert.Equal(21702, robot.CommandChannels[0].Maximum);
        Assert.Equal("rpm", robot.CommandChannels[0].Unit);
    }

    [Fact]
    public void Read_ClockMovesTwoAndAHalfSteps_IntegratesTwoAndKeepsTheRest()
    {
        using SimulatedQuadrotor robot = Robot();
        var sample = new SensorSample(robot.StateChannels);
        Assert.Equal(ReadStatus.Ok, robot.Read(sample));
        Assert.Equal(1_000_000, sample.SampleTimeNs);
        _clock.Advance(25_000_000);
        Assert.Equal(ReadStatus.Ok, robot.Read(sample));
        Assert.Equal(21_000_000, sample.SampleTimeNs);
        Assert.Equal(ReadStatus.Unchanged, robot.Read(sample));
        Assert.Equal(2, sample.Sequence);
        _clock.Advance(5_000_000);
        Assert.Equal(ReadStatus.Ok, robot.Read(sample));
        Assert.Equal(31_000_000, sample.SampleTimeNs);
    }

    [Fact]
    public void Read_OneLongWaitOrManyShort_GivesTheSameState()
    {
        using SimulatedQuadrotor once = Robot();
        using SimulatedQuadrotor often = Robot();
        var a = new SensorSample(once.StateChannels);
        var b = new SensorSample(often.StateChannels);
        for (int i = 0; i < 50; i++)
        {
            _clock.Advance(10_000_000);
            often.Read(b);
        }
        once.Read(a);
        Assert.Equal(a.Values, b.Values);
        Assert.NotEqual(0, a.Values[0]); // the disturbance moved it
    }

    [Fact]
    public void Reset_SameSeed_DrawsTheSameDisturbancesAndOtherSeedOthers()
    {
        using SimulatedQuadrotor first = Robot(seed: 7);
        using SimulatedQuadrotor second = Robot(seed: 7);
        using SimulatedQuadrotor other = Robot(seed: 8);
        float[] a = Disturbances(first);
        Assert.Equal(a, Disturbances(second));
        Assert.NotEqual(a, Disturbances(other));
        Assert.Equal(a.Length, a.Distinct().Count());
    }

    [Fact]
    public void Reset_ManyEpisodes_DisturbanceHasTheDeclaredDeviation()
    {
        using SimulatedQuadrotor robot = Robot();
        var sample = new SensorSample(robot.StateChannels);
        double force = 0;
        double torque = 0;
        for (int i = 0; i < 5000; i++)
        {
            robot.Reset(s_allNaN);
            robot.Read(sample);
            force += Square(sample.Values[17]) + Square(sample.Values[18]) + Square(sample.Values[19]);
            torque += Square(sample.Values[20]) + Square(sample.Values[21]) + Square(sample.Values[22]);
        }
        Assert.Equal(0.0132435, Math.Sqrt(force / 15000), 3e-4);
        Assert.Equal(2.6487e-5, Math.Sqrt(torque / 15000), 6e-7);
    }

    [Fact]
    public void Reset_GivenValues_AreTheNextSample()
    {
        using SimulatedQuadrotor robot = Robot();
        var sample = new SensorSample(robot.StateChannels);
        float[] state = [1, 2, 3, 0.5f, 0.5f, 0.5f, 0.5f, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f];
        robot.Reset(state);
        robot.Read(sample);
        Assert.Equal(state, sample.Values);
    }

    [Fact]
    public void Write_DefaultCommand_IsRefused()
    {
        using SimulatedQuadrotor robot = Robot();
        Assert.Equal(WriteStatus.Refused, robot.Write(default));
    }

    [Fact]
    public void Read_OnTheTick_AllocatesNothing()
    {
        using SimulatedQuadrotor robot = Robot();
        var sample = new SensorSample(robot.StateChannels);
        AllocationGuard.AssertNone(() =>
        {
            robot.Reset(s_allNaN);
            _clock.Advance(10_000_000);
            robot.Read(sample);
        });
    }

    [Fact]
    public void Create_UnknownKindAndBadRate_ListsBoth()
    {
        var document = ConfigDocument.Parse("driver: {kind: simulatd, model: quadrotor, integrator_rate_hz: 1, disturbance_force_std_n: 0, disturbance_torque_std_n_m: 0}");
        RobotDrivers.Create(document.Root, _clock, 0).Dispose();
        string message = Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message;
        Assert.Contains("driver.kind: 'simulatd' is not one of simulated", message, StringComparison.Ordinal);
        Assert.Contains("did you mean simulated?", message, StringComparison.Ordinal);
        Assert.Contains("driver.integrator_rate_hz: '1' is not a value in", message, StringComparison.Ordinal);
        Assert.Contains("airframe: missing", message, StringComparison.Ordinal);
    }

    private static float[] Disturbances(SimulatedQuadrotor robot)
    {
        var sample = new SensorSample(robot.StateChannels);
        var values = new float[24];
        for (int i = 0; i < 4; i++)
        {
            robot.Reset(s_allNaN);
            robot.Read(sample);
            sample.Values.Slice(17, 6).CopyTo(values.AsSpan(6 * i));
        }
        return values;
    }

    private static double Square(double x) => x * x;
}
