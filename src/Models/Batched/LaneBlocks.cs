using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Robotics.Models;

/// <summary>Values of many vehicles in blocks of 16: row r of a block holds the value r of 16 vehicles side by side.</summary>
/// <remarks>A block's rows lie together, so one vehicle block fits the nearest cache. Rows begin at multiples of 64 bytes. Not thread-safe
/// per block; different blocks may be used by different threads.</remarks>
public sealed class LaneBlocks
{
    /// <summary>Vehicles side by side: the floats of the widest vector register in use (AVX-512).</summary>
    public const int Lanes = 16;

    private const int AlignmentBytes = 64;

    private readonly float[] _memory;
    private readonly int _start;

    /// <summary>Zeroed storage of <paramref name="rows"/> values for at least <paramref name="vehicles"/> vehicles.</summary>
    public LaneBlocks(int vehicles, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vehicles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        Rows = rows;
        Count = (vehicles + Lanes - 1) / Lanes;
        // Pinned, so that the alignment found here holds for good.
        _memory = GC.AllocateArray<float>((Count * rows * Lanes) + (AlignmentBytes / sizeof(float)), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _start = (int)(((AlignmentBytes - (address % AlignmentBytes)) % AlignmentBytes) / sizeof(float));
    }

    /// <summary>Number of blocks.</summary>
    public int Count { get; }

    /// <summary>Values per vehicle.</summary>
    public int Rows { get; }

    /// <summary>All rows of block <paramref name="index"/>: Rows * 16 values.</summary>
    public Span<float> Block(int index) => _memory.AsSpan(_start + (index * Rows * Lanes), Rows * Lanes);

    /// <summary>Value <paramref name="row"/> of <paramref name="vehicle"/>.</summary>
    public ref float Of(int vehicle, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return ref Block(vehicle / Lanes)[(row * Lanes) + (vehicle % Lanes)];
    }

    /// <summary>Reference to the first value of block <paramref name="index"/>, for kernels.</summary>
    internal ref float First(int index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _start + (index * Rows * Lanes));
}
