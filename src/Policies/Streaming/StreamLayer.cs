namespace Robotics.Policies.Streaming;

/// <summary>Where one dense layer of a <see cref="StreamNetwork"/> lies. All arrays begin at 64-byte boundaries and are padded with zeros.</summary>
internal unsafe struct StreamLayer
{
    /// <summary>Values it takes, without the constant 1 behind them.</summary>
    public int Inputs;

    /// <summary>Values it gives.</summary>
    public int Outputs;

    /// <summary>Floats from one row to the next: the outputs padded to the widest register.</summary>
    public int Width;

    /// <summary>True where the sum is normalised to mean 0 and variance 1 before the activation (no gain, no shift).</summary>
    public bool IsNormalised;

    /// <summary>f.</summary>
    public Activation Activation;

    /// <summary>Weights, one row of outputs per input; the last row holds the biases. [Inputs + 1, Width].</summary>
    public float* Weights;

    /// <summary>Eligibility traces z, laid out as the weights.</summary>
    public float* Traces;

    /// <summary>What it was given last, then a 1. [Inputs + 1].</summary>
    public float* Input;

    /// <summary>What stood before the activation. [Width].</summary>
    public float* Sum;

    /// <summary>f(sum), then a 1: the next layer's input. [Width + 16].</summary>
    public float* Output;

    /// <summary>Gradient at the output, then at the sum. [Width].</summary>
    public float* Gradient;

    /// <summary>1 / √(variance + 1e-5) of the last normalisation.</summary>
    public float Scale;

    /// <summary>Floats of the weights.</summary>
    public readonly int Length => (Inputs + 1) * Width;
}
