namespace Robotics.Policies.Kernels;

/// <summary>The weight layout the kernels read in one forward sweep.</summary>
/// <remarks>
/// Outputs are taken in blocks of four vectors, then two, then one. Within a block the weights lie input after input, and for each
/// input the block's outputs lie side by side: so a step of the kernel loads neighbouring vectors and broadcasts one input.
/// Outputs beyond the last one are padded with zero weights and zero biases.
/// </remarks>
internal static unsafe class Panels
{
    /// <summary>Alignment of every array in the arena in floats: the widest vector.</summary>
    public const int Widest = 16;

    /// <summary><paramref name="count"/> rounded up to whole widest vectors.</summary>
    public static int Pad(int count) => (count + Widest - 1) / Widest * Widest;

    /// <summary>Vectors in the block that begins where <paramref name="left"/> vectors are left.</summary>
    public static int BlockVectors(int left) =>
        left >= 4 ? 4
        : left >= 2 ? 2
        : 1;

    /// <summary>Writes the row-major [outputs, inputs] matrix <paramref name="source"/> as panels for vectors of <paramref name="lanes"/> floats.</summary>
    public static void Pack(ReadOnlySpan<float> source, int outputs, int inputs, int lanes, float* panels)
    {
        int vectors = (outputs + lanes - 1) / lanes;
        for (int vector = 0; vector < vectors;)
        {
            int block = BlockVectors(vectors - vector);
            int width = block * lanes;
            PackBlock(source, outputs, inputs, vector * lanes, width, panels);
            panels += (nint)width * inputs;
            vector += block;
        }
    }

    private static void PackBlock(ReadOnlySpan<float> source, int outputs, int inputs, int first, int width, float* panel)
    {
        for (int lane = 0; lane < width; lane++)
        {
            int output = first + lane;
            float* destination = panel + lane;
            if (output >= outputs)
            {
                for (int i = 0; i < inputs; i++)
                    destination[(nint)i * width] = 0;
                continue;
            }
            ReadOnlySpan<float> row = source.Slice(output * inputs, inputs);
            for (int i = 0; i < row.Length; i++)
                destination[(nint)i * width] = row[i];
        }
    }
}
