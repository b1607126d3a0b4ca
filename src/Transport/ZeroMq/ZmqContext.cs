namespace Robotics.Transport;

/// <summary>Owner of libzmq's I/O thread; sockets are made from it and must be disposed before it.</summary>
public sealed unsafe class ZmqContext : IDisposable
{
    private void* _handle;

    /// <summary>Starts libzmq.</summary>
    /// <exception cref="ZmqException">The library is missing or cannot start.</exception>
    public ZmqContext()
    {
        if (!IsAvailable(out string problem))
            throw new ZmqException(problem);
        _handle = Native.zmq_ctx_new();
        if (_handle is null)
            throw ZmqException.Of("cannot start libzmq");
    }

    internal void* Handle => _handle is not null ? _handle : throw new ObjectDisposedException(nameof(ZmqContext));

    /// <summary>Version of the loaded library.</summary>
    /// <exception cref="ZmqException">The library is missing.</exception>
    public static Version LibraryVersion
    {
        get
        {
            if (!IsAvailable(out string problem))
                throw new ZmqException(problem);
            Native.zmq_version(out int major, out int minor, out int patch);
            return new Version(major, minor, patch);
        }
    }

    /// <summary>Whether libzmq with CURVE is there; otherwise one line that says what to do.</summary>
    public static bool IsAvailable(out string problem)
    {
        problem = "";
        try
        {
            if (Native.zmq_has("curve") == 1)
                return true;
            problem = "the installed libzmq has no CURVE: install Debian's (apt-get install libzmq5)";
        }
        catch (DllNotFoundException)
        {
            problem = "libzmq.so.5 is missing: apt-get install libzmq5";
        }
        catch (EntryPointNotFoundException)
        {
            problem = "the installed libzmq is older than 4.3: apt-get install libzmq5";
        }
        return false;
    }

    /// <summary>Stops the I/O thread; waits for sockets that are still open.</summary>
    public void Dispose()
    {
        if (_handle is null)
            return;
        Native.zmq_ctx_term(_handle);
        _handle = null;
    }
}
