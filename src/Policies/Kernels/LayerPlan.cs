namespace Robotics.Policies.Kernels;

/// <summary>One layer as the kernels run it: sizes, and pointers into the pinned arena of its network.</summary>
internal readonly unsafe struct LayerPlan
{
    public LayerKind Kind { get; init; }
    public Activation Activation { get; init; }
    public int Inputs { get; init; }
    public int Outputs { get; init; }

    /// <summary>Floats per vector that the weights of a dense layer are laid out for (see <see cref="Panels.LanesFor"/>).</summary>
    public int Lanes { get; init; }

    /// <summary>Panelled weights (see <see cref="Panels"/>); γ or mean for the elementwise layers.</summary>
    public float* Weights { get; init; }

    /// <summary>Padded biases; β or scale for the elementwise layers.</summary>
    public float* Biases { get; init; }

    /// <summary>Panelled hidden weights of a GRU.</summary>
    public float* HiddenWeights { get; init; }

    /// <summary>Padded hidden biases of a GRU.</summary>
    public float* HiddenBiases { get; init; }

    /// <summary>Recurrent state of a GRU.</summary>
    public float* State { get; init; }

    /// <summary>Initial recurrent state of a GRU.</summary>
    public float* InitialState { get; init; }
}
