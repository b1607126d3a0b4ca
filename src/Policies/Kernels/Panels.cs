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

    private const int Narrowest = 4; // Vector128

    /// <summary>Inputs packed at a time: one cache line of the row read, and with 64 outputs 4 kB written.</summary>
    private const int Tile = 16;

    /// <summary><paramref name="count"/> rounded up to whole widest vectors.</summary>
    public static int Pad(int count) => (count + Widest - 1) / Widest * Widest;

    /// <summary>Floats per vector for a dense layer of <paramref name="outputs"/> on a machine with vectors of <paramref name="widest"/>: the narrowest
    /// that holds them all. Four actions in vectors of sixteen would be three quarters zeros, read from memory like weights.</summary>
    public static int LanesFor(int outputs, int widest)
    {
        int lanes = widest;
        while (lanes > Narrowest && lanes / 2 >= outputs)
            lanes /= 2;
        return lanes;
    }

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

    // A tile of inputs at a time: what is written to then stays in the first-level cache, which a whole column would not.
    private static void PackBlock(ReadOnlySpan<float> source, int outputs, int inputs, int first, int width, float* panel)
    {
        for (int begin = 0; begin < inputs; begin += Tile)
        {
            int count = Math.Min(Tile, inputs - begin);
            float* tile = panel + ((nint)begin * width);
            for (int lane = 0; lane < width; lane++)
            {
                int output = first + lane;
                if (output < outputs)
                    PackLane(source.Slice((output * inputs) + begin, count), tile + lane, width);
                else
                    ClearLane(count, tile + lane, width);
            }
        }
    }

    private static void PackLane(ReadOnlySpan<float> values, float* destination, int stride)
    {
        foreach (float value in values)
        {
            *destination = value;
            destination += stride;
        }
    }

    private static void ClearLane(int count, float* destination, int stride)
    {
        for (int i = 0; i < count; i++)
            destination[(nint)i * stride] = 0;
    }
}
