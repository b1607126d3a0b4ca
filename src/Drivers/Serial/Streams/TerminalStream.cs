using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Drivers.Serial;

/// <summary>Bytes through a non-blocking terminal descriptor: what a serial port and a pseudo-terminal's two ends share.</summary>
public abstract class TerminalStream : IByteStream
{
    private readonly SafeFileHandle _handle;

    private protected TerminalStream(SafeFileHandle handle, string name)
    {
        _handle = handle;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    private protected SafeFileHandle Handle => _handle;

    /// <summary>What an I/O error (EIO) means here: the cable is out for a port, nobody has the other end open for a pty master.</summary>
    private protected virtual StreamStatus OnInputOutputError => StreamStatus.Lost;

    /// <inheritdoc/>
    public unsafe StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (buffer.IsEmpty || _handle.IsClosed)
            return _handle.IsClosed ? StreamStatus.Lost : StreamStatus.Idle;
        nint moved;
        fixed (byte* p = buffer)
            moved = Posix.Read(_handle, p, (nuint)buffer.Length);
        if (moved > 0)
        {
            count = (int)moved;
            return StreamStatus.Ok;
        }
        return moved == 0 ? OnInputOutputError : Failure();
    }

    /// <inheritdoc/>
    public unsafe StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (bytes.IsEmpty || _handle.IsClosed)
            return _handle.IsClosed ? StreamStatus.Lost : StreamStatus.Idle;
        nint moved;
        fixed (byte* p = bytes)
            moved = Posix.Write(_handle, p, (nuint)bytes.Length);
        if (moved < 0)
            return Failure();
        count = (int)moved;
        return moved > 0 ? StreamStatus.Ok : StreamStatus.Idle;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs)
    {
        if (_handle.IsClosed)
            return false;
        var poll = new Posix.PollFd { Descriptor = (int)_handle.DangerousGetHandle(), Events = Posix.POLLIN };
        return Posix.Poll(ref poll, 1, timeoutMs) > 0 && (poll.Returned & Posix.POLLIN) != 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the descriptor; the kernel releases the exclusive lock with it.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _handle.Dispose();
    }

    private StreamStatus Failure()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is Posix.EAGAIN or Posix.EINTR)
            return StreamStatus.Idle;
        return error == Posix.EIO ? OnInputOutputError : StreamStatus.Lost;
    }
}
