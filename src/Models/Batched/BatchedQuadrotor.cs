namespace Robotics.Models;

/// <summary>Many quadrotors of one airframe, stepped 16 at a time: the same results as <see cref="QuadrotorModel{T}"/> up to rounding.</summary>
/// <remarks>
/// State rows are the channels of <see cref="QuadrotorChannels"/>: p(3) q(4) v(3) w(3) rotor(4) F(3) M(3). The widest registers of the machine
/// are used (AVX-512, AVX2, 128 bits) unless another width is asked for. Allocates nothing after construction; blocks are independent, so threads
/// may step different blocks at once.
/// </remarks>
public sealed class BatchedQuadrotor
{
    private readonly BlockStepper _stepper;

    /// <summary><paramref name="vehicles"/> (rounded up to 16) at rest at the origin.</summary>
    /// <param name="parameters">The airframe; its rotors must be upright.</param>
    /// <param name="stepS">Step, s; at most each rotor's time constant.</param>
    /// <param name="vehicles">How many.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    /// <exception cref="ArgumentException">The airframe or the step is outside what the reduced equations hold for.</exception>
    public BatchedQuadrotor(QuadrotorParameters parameters, double stepS, int vehicles, int registerBits = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Check(parameters, stepS);
        _stepper = BlockStepper.Create(parameters, stepS, registerBits);
        Parameters = parameters;
        State = new LaneBlocks(vehicles, QuadrotorChannels.StateCount);
        Setpoints = new LaneBlocks(vehicles, QuadrotorParameters.RotorCount);
        Span<float> rest = stackalloc float[QuadrotorChannels.StateCount];
        QuadrotorChannels.Pack(QuadrotorState<double>.AtRest(parameters.HoverSetpoint), rest);
        for (int i = 0; i < Count; i++)
            Write(i, rest);
        for (int b = 0; b < Setpoints.Count; b++)
            Setpoints.Block(b).Fill((float)parameters.HoverSetpoint);
    }

    /// <summary>The airframe.</summary>
    public QuadrotorParameters Parameters { get; }

    /// <summary>Number of vehicles, a multiple of 16.</summary>
    public int Count => State.Count * LaneBlocks.Lanes;

    /// <summary>States, one row per channel.</summary>
    public LaneBlocks State { get; }

    /// <summary>Set-points, one row per rotor, in the command's unit.</summary>
    public LaneBlocks Setpoints { get; }

    /// <summary>Advances all vehicles by one step.</summary>
    public void Step()
    {
        for (int b = 0; b < State.Count; b++)
            StepBlock(b);
    }

    /// <summary>Advances the 16 vehicles of <paramref name="block"/> by one step.</summary>
    public void StepBlock(int block) => _stepper.Step(ref State.First(block), ref Setpoints.First(block));

    /// <summary>Rows of a state that a step changes, and so of a gradient by it: all but the disturbance.</summary>
    public const int GradientRows = QuadrotorChannels.DisturbanceStart;

    /// <summary>Reverse mode of one step of 16 vehicles: turns the gradient of a loss by the state after it into that by the state before.</summary>
    /// <param name="stateBefore">The block's state rows before the step.</param>
    /// <param name="setpoints">The set-points of the step, 4 rows.</param>
    /// <param name="gradient">In: by the state after the step, <see cref="GradientRows"/> rows. Out: by the state before it.</param>
    /// <param name="setpointGradient">Out: by the set-points, 4 rows.</param>
    public void StepBack(Span<float> stateBefore, Span<float> setpoints, Span<float> gradient, Span<float> setpointGradient)
    {
        CheckRows(stateBefore, QuadrotorChannels.StateCount);
        CheckRows(setpoints, QuadrotorParameters.RotorCount);
        CheckRows(gradient, GradientRows);
        CheckRows(setpointGradient, QuadrotorParameters.RotorCount);
        _stepper.StepBack(ref stateBefore[0], ref setpoints[0], ref gradient[0], ref setpointGradient[0]);
    }

    /// <summary>Copies the state of <paramref name="vehicle"/> into <paramref name="channels"/>.</summary>
    public void Read(int vehicle, Span<float> channels)
    {
        for (int row = 0; row < State.Rows; row++)
            channels[row] = State.Of(vehicle, row);
    }

    /// <summary>Replaces the state of <paramref name="vehicle"/>.</summary>
    public void Write(int vehicle, ReadOnlySpan<float> channels)
    {
        for (int row = 0; row < State.Rows; row++)
            State.Of(vehicle, row) = channels[row];
    }

    private static void CheckRows(ReadOnlySpan<float> block, int rows)
    {
        if (block.Length < rows * LaneBlocks.Lanes)
            throw new ArgumentException($"{block.Length} values where {rows} rows of {LaneBlocks.Lanes} are needed");
    }

    private static void Check(QuadrotorParameters p, double stepS)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepS);
        foreach (RotorParameters rotor in p.Rotors)
        {
            if (rotor.ThrustDirection != new Vector3<double>(0, 0, 1))
                throw new ArgumentException($"thrust direction {rotor.ThrustDirection}: the batched model is for upright rotors; use QuadrotorModel", nameof(p));
            if (stepS > Math.Min(rotor.RiseTimeConstantS, rotor.FallTimeConstantS))
                throw new ArgumentException($"a step of {stepS} s is longer than a rotor's time constant {Math.Min(rotor.RiseTimeConstantS, rotor.FallTimeConstantS)} s; raise driver.integrator_rate_hz", nameof(stepS));
        }
    }
}
