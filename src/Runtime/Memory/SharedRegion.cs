using System.ComponentModel;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Robotics.Runtime.Memory;

/// <summary>A zeroed, page-aligned block of memory outside the collector's reach: shared between processes, or private to a lockstep run.</summary>
/// <remarks>Rings and mailboxes are laid over it, so the very same code joins two processes and two rooms of one process.</remarks>
public sealed unsafe partial class SharedRegion : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _pointer;

    private SharedRegion(MemoryMappedFile file, long length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, length);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        _pointer += _view.PointerOffset;
        Length = length;
    }

    private SharedRegion(long length)
    {
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
        new Span<byte>(_pointer, checked((int)length)).Clear();
        Length = length;
    }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    internal byte* Pointer => _pointer;

    /// <summary>Private memory of this process.</summary>
    public static SharedRegion Private(long length) => new(length);

    /// <summary>Opens <paramref name="path"/> (usually below /dev/shm) or creates it with <paramref name="length"/> bytes of zero.</summary>
    /// <remarks>A file that exists keeps its content: what a dead process left in a ring is still there for its successor.</remarks>
    /// <exception cref="IOException">The file exists with another length, or cannot be created.</exception>
    public static SharedRegion OpenOrCreate(string path, long length)
    {
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (stream.Length == 0)
            TakeRoom(stream, length);
        if (stream.Length != length)
        {
            throw new IOException(
                $"shared memory {path} has {stream.Length} bytes, this configuration needs {length}: "
                    + "another version left it there; stop the robot's processes and delete the file");
        }
        return Map(stream);
    }

    /// <summary>Maps the whole of <paramref name="stream"/>, which stays open as long as the region does, with its share mode.</summary>
    internal static SharedRegion Map(FileStream stream)
    {
        long length = stream.Length;
        var file = MemoryMappedFile.CreateFromFile(
            stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        return new SharedRegion(file, length);
    }

    /// <summary>Gives the empty <paramref name="stream"/> <paramref name="length"/> bytes of zero that the file system really has; harmless where another process just did.</summary>
    /// <remarks>In /dev/shm a length alone promises nothing: the first touch of a page that is not to be had would end the process in flight (SIGBUS).</remarks>
    /// <exception cref="IOException">There is no room.</exception>
    internal static void TakeRoom(FileStream stream, long length)
    {
        int error = Allocate((int)stream.SafeFileHandle.DangerousGetHandle(), 0, length);
        if (error == 0)
            return;
        stream.SetLength(0);
        throw new IOException(
            $"shared memory {stream.Name} needs {length} bytes and cannot have them ({new Win32Exception(error).Message}): free some of /dev/shm, make it "
                + "larger (mount -o remount,size=..., docker run --shm-size=...), or ask for a shorter spool.ring_seconds");
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(int descriptor, long offset, long length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pointer == null)
            return;
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            Unmap(_view);
            _file!.Dispose();
        }
        else
        {
            NativeMemory.AlignedFree(_pointer);
        }
        _pointer = null;
    }

    private static void Unmap(MemoryMappedViewAccessor view)
    {
        try
        {
            view.Dispose();
        }
        catch (IOException)
        {
            // The view flushes with MS_INVALIDATE, which msync(2) refuses (EBUSY) in a process that locked its memory. Shared memory
            // needs no flush.
        }
    }
}
