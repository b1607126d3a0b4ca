using System.Runtime.InteropServices;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Replay;

/// <summary>The zeroed bytes that a replay lies in: anonymous memory, or a file mapped into memory where the replay is larger than the machine's.</summary>
/// <remarks>A mapped file is scratch: it has no name any more once it is mapped and goes with the process, because what survives a restart is the
/// store of transitions, from which the replay is filled again. Its room on the disk is reserved at once, so that a full disk is an error here and
/// not a killed process later. Taken apart once at the start, not thread-safe.</remarks>
internal sealed unsafe partial class ReplayArena : IDisposable
{
    private const int Alignment = 64; // cache line
    private const int ReadWrite = 3; // PROT_READ | PROT_WRITE, linux/mman.h
    private const int Shared = 1; // MAP_SHARED
    private readonly AlignedBuffer? _memory;
    private readonly nuint _mapped;
    private byte* _start;
    private long _taken;
    private readonly long _length;

    /// <summary><paramref name="bytes"/> bytes; in the file <paramref name="path"/>, or in anonymous memory where that is null.</summary>
    /// <exception cref="IOException">The disk has not got the room, or the folder cannot be written.</exception>
    public ReplayArena(long bytes, string? path)
    {
        _length = bytes;
        if (path is null)
        {
            _memory = new AlignedBuffer(bytes / sizeof(float));
            _start = (byte*)_memory.Pointer;
            return;
        }
        _mapped = (nuint)bytes;
        _start = Map(path, bytes);
    }

    ~ReplayArena() => Free();

    /// <summary>Bytes that <paramref name="count"/> bytes take here.</summary>
    public static long Padded(long count) => (count + Alignment - 1) / Alignment * Alignment;

    /// <summary>The next <paramref name="bytes"/> bytes, on a cache line.</summary>
    public byte* Take(long bytes)
    {
        if (_taken + Padded(bytes) > _length)
            throw new InvalidOperationException($"the replay's arena has {_length - _taken} bytes left, asked for {bytes}");
        byte* taken = _start + _taken;
        _taken += Padded(bytes);
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static byte* Map(string path, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException($"replay.file {path}: mapped replay memories need Linux; leave the key out to keep the replay in anonymous memory");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, PreallocationSize = bytes, Share = FileShare.None };
        using var file = new FileStream(path, options);
        file.SetLength(bytes);
        nint address = Map(0, (nuint)bytes, ReadWrite, Shared, (int)file.SafeFileHandle.DangerousGetHandle(), 0);
        int error = Marshal.GetLastPInvokeError();
        File.Delete(path);
        return address == -1 ? throw new IOException($"replay.file {path}: cannot map {bytes} bytes (errno {error})") : (byte*)address;
    }

    private void Free()
    {
        _memory?.Dispose();
        if (_mapped > 0 && _start is not null)
            _ = Unmap((nint)_start, _mapped); // unlike MemoryMappedViewAccessor.Dispose this does not write gigabytes of scratch to the disk first
        _start = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
