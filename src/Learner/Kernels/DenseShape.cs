namespace Robotics.Learner.Kernels;

/// <summary>Shape and memory layout of a dense layer y = W x + b.</summary>
/// <remarks>
/// Weights lie in panels of 16 outputs, <c>[⌈Outputs/16⌉][PaddedInputs][16]</c>: one cache line per input, which is one AVX-512,
/// two AVX2 or four 128-bit registers, so the layout is the same for every instruction set and nothing is packed before a
/// multiplication. Padding holds zeros and its gradient is zero, so elementwise optimisers need not know it.
/// The transposed form, for gradients towards the inputs, is <c>[⌈Inputs/16⌉][Outputs][16]</c>.
/// </remarks>
public readonly record struct DenseShape(int Inputs, int Outputs)
{
    /// <summary>Outputs per panel: one 64-byte cache line.</summary>
    public const int PanelWidth = 16;

    /// <summary>Rows are padded to the height of the weight gradient's register tile.</summary>
    public const int InputPadding = 8;

    public int Panels => (Outputs + PanelWidth - 1) / PanelWidth;

    public int PaddedInputs => (Inputs + InputPadding - 1) / InputPadding * InputPadding;

    public int PaddedOutputs => Panels * PanelWidth;

    /// <summary>Floats of the panel form.</summary>
    public int WeightLength => Panels * PaddedInputs * PanelWidth;

    /// <summary>Floats of the transposed form.</summary>
    public int TransposedLength => (Inputs + PanelWidth - 1) / PanelWidth * PanelWidth * Outputs;

    /// <summary>Index in the panel form of the weight from <paramref name="input"/> to <paramref name="output"/>.</summary>
    public int IndexOf(int output, int input) =>
        (output / PanelWidth * PaddedInputs * PanelWidth) + (input * PanelWidth) + (output % PanelWidth);

    /// <summary>Floats from one row of activations to the next for a width: padded to a cache line, and off multiples of 1 KiB,
    /// which would put all rows of a tile into the same sets of the first-level cache.</summary>
    public static int StrideFor(int columns)
    {
        int padded = (columns + PanelWidth - 1) / PanelWidth * PanelWidth;
        return padded % 256 == 0 ? padded + PanelWidth : padded;
    }
}
