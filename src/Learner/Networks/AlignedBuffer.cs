using System.Runtime.InteropServices;

namespace Robotics.Learner.Networks;

/// <summary>Zeroed floats outside the managed heap, on a 64-byte boundary (2 MiB where large, so that huge pages can back it).</summary>
/// <remarks>The kernels work on pointers, and nothing here is for the collector to move. Freed by Dispose or the finaliser.</remarks>
public sealed unsafe partial class AlignedBuffer : IDisposable
{
    private const int CacheLine = 64;
    private const nuint HugePage = 2 << 20; // x86-64 and arm64 (4 KiB granule) transparent huge page
    private const int AdviseHugePage = 14; // MADV_HUGEPAGE, linux/mman.h
    private float* _pointer;

    /// <summary>A buffer of <paramref name="length"/> floats.</summary>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)Math.Max(CacheLine, length * sizeof(float));
        bool large = bytes >= 4 * HugePage;
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, large ? HugePage : CacheLine);
        if (large && OperatingSystem.IsLinux())
            _ = Advise(_pointer, bytes, AdviseHugePage); // advice only: refusal costs speed, not correctness
        NativeMemory.Clear(_pointer, bytes);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Floats.</summary>
    public long Length { get; }

    /// <summary>First float; valid until disposed.</summary>
    public float* Pointer => _pointer;

    /// <summary>The whole buffer, where it has fewer than 2^31 floats.</summary>
    public Span<float> Span => new(_pointer, checked((int)Length));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
