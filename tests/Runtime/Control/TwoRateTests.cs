using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

/// <summary>A policy trained at 100 Hz that acts at 500 Hz: at its own rate as trained, in between on a copy of its recurrent state.</summary>
public sealed class TwoRateTests
{
    private const int TicksPerStep = 5;
    private static readonly string[] s_control = ["control_rate_hz=500", "driver.integrator_rate_hz=500"];
    private static readonly string[] s_twoRates = ["intermediate_rate_hz=500"];

    // A state that halves its distance to 0.4 with every step, whatever is observed: the action tells how many steps it has made.
    [Fact]
    public void Tick_RecurrentPolicy_AdvancesItsStateOncePerNativePeriod()
    {
        var spec = new NetworkSpec([LayerSpec.Gru(22, 1), LayerSpec.Dense(1, 4, Activation.Identity)]);
        var parameters = new float[spec.ParameterCount];
        parameters[(3 * 22) + 2] = 0.4236489f; // bias of n: tanh(0.4236489) = 0.4; z is a half
        parameters.AsSpan(parameters.Length - 8, 4).Fill(1);
        float[] actions = Fly(spec, parameters, 6 * TicksPerStep);
        for (int tick = 0; tick < actions.Length; tick++)
        {
            int steps = (tick / TicksPerStep) + 1 + (tick % TicksPerStep == 0 ? 0 : 1); // one more on the copy
            Assert.Equal(0.4 * (1 - Math.Pow(0.5, steps)), actions[tick], 1e-5);
        }
    }

    // action = 0.5 × previous action + 0.1. In between, the previous action is the mean of what was executed since the last native step.
    [Fact]
    public void Tick_PolicyThatSeesItsLastAction_SeesTheMeanSinceTheLastNativeStep()
    {
        NetworkSpec spec = NetworkSpec.Mlp([22, 4], Activation.Identity, Activation.Identity);
        var parameters = new float[spec.ParameterCount];
        for (int i = 0; i < 4; i++)
            (parameters[(i * 22) + 18 + i], parameters[(4 * 22) + i]) = (0.5f, 0.1f);
        float[] actions = Fly(spec, parameters, 6 * TicksPerStep);
        for (int tick = 1; tick < actions.Length; tick++)
        {
            int since = (tick - 1) / TicksPerStep * TicksPerStep; // a native step ends the period before it
            float mean = actions[since..tick].Average();
            Assert.Equal((0.5f * mean) + 0.1f, actions[tick], 1e-5f);
        }
    }

    [Fact]
    public void Tick_OnTime_CountsBothKindsOfStepsAndReportsNeitherJitterNorBias()
    {
        using RaptorFlight flight = Hover();
        ControlStatus status = Status(flight);
        Assert.Equal(StepTiming.None, status.Timing);
        Assert.InRange(status.NativeSteps, 190, 200);
        Assert.Equal(4 * status.NativeSteps, status.IntermediateSteps, 4.0);
        Assert.InRange(status.DistanceToTarget, 0, 0.1);
    }

    [Fact]
    public void Tick_OneLateTick_IsJitterOfBothRatesForAHundredIntervals()
    {
        using RaptorFlight flight = Hover();
        flight.Delay(4_000_000); // two control periods
        Tick(flight, 10);
        Assert.Equal(StepTiming.NativeJitter | StepTiming.StepJitter, Status(flight).Timing);
        Tick(flight, 110);
        Assert.Equal(StepTiming.NativeJitter, Status(flight).Timing); // 100 steps are over, 100 native ones are not
        Tick(flight, 100 * TicksPerStep);
        Assert.Equal(StepTiming.None, Status(flight).Timing);
    }

    [Fact]
    public void Tick_EveryTickLate_IsBias()
    {
        using RaptorFlight flight = Hover();
        for (int i = 0; i < 600; i++)
        {
            flight.Delay(1_000_000); // half a control period
            flight.Tick();
        }
        Assert.Equal(StepTiming.NativeJitter | StepTiming.NativeBias | StepTiming.StepJitter | StepTiming.StepBias, Status(flight).Timing);
    }

    [Fact]
    public void Tick_WithoutAnIntermediateRate_HoldsTheActionBetweenNativeSteps()
    {
        using var flight = new RaptorFlight(new FlightOptions { Record = false }, [], s_control);
        Assert.True(flight.Memory.Policies.TryPut(RaptorFlight.Image()));
        Tick(flight, 1000);
        ControlStatus status = Status(flight);
        Assert.Equal((200L, 0L, StepTiming.None), (status.NativeSteps, status.IntermediateSteps, status.Timing));
    }

    [Fact]
    public void Tick_TwoRates_AllocatesNothing()
    {
        using RaptorFlight flight = Hover("swap_at=step");
        byte[] image = RaptorFlight.Image();
        int n = 0;
        AllocationGuard.AssertNone(
            () =>
            {
                if (++n % 250 == 0)
                    flight.Memory.Policies.TryPut(image);
                flight.Tick();
            },
            times: 5000);
        Assert.True(flight.Rig.PoliciesInstalled > 1);
    }

    [Theory]
    [InlineData(250)] // does not divide 500 into whole native steps of 100
    [InlineData(50)]
    [InlineData(1000)]
    public void Load_RateThatDoesNotFit_IsRefusedWithBothNeighbours(int rateHz)
    {
        var refused = Assert.Throws<ConfigurationException>(() => new RaptorFlight(new FlightOptions(), [$"intermediate_rate_hz={rateHz}"], s_control));
        Assert.Contains($"{rateHz} must be a multiple of the task's policy_rate_hz 100 and divide the robot's control_rate_hz 500", refused.Message, StringComparison.Ordinal);
    }

    private static RaptorFlight Hover(params string[] set)
    {
        var flight = new RaptorFlight(new FlightOptions { Record = false, FlyOn = true }, [.. s_twoRates, .. set], s_control);
        Assert.True(flight.Memory.Policies.TryPut(RaptorFlight.Image()));
        Tick(flight, 1000);
        return flight;
    }

    // The first action of each of so many ticks, as proposed to the supervisor.
    private static float[] Fly(NetworkSpec spec, float[] parameters, int ticks)
    {
        using var flight = new RaptorFlight(new FlightOptions { Record = false, FlyOn = true }, s_twoRates, s_control);
        Assert.True(flight.Memory.Policies.TryPut(NetworkImage.Write(spec, parameters, new NetworkImageFacts(new PolicyIdentity(1, 1, 1, 1), 0, 0, 100))));
        var actions = new float[ticks];
        for (int i = 0; i < ticks; i++)
        {
            flight.Tick();
            actions[i] = flight.Rig.PolicyAction[0];
        }
        Assert.Equal(0, flight.Rig.Loop.Interventions);
        return actions;
    }

    private static ControlStatus Status(RaptorFlight flight)
    {
        ControlStatus status = default;
        flight.Rig.Describe(ref status, flight.Robot, 0, 0);
        return status;
    }

    private static void Tick(RaptorFlight flight, int times)
    {
        for (int i = 0; i < times; i++)
            flight.Tick();
    }
}
