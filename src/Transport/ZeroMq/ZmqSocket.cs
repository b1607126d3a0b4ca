using System.Text;

namespace Robotics.Transport;

/// <summary>One ZeroMQ socket. Never blocks except in <see cref="Wait"/>; sends and receives allocate nothing.</summary>
/// <remarks>Belongs to one thread, as libzmq demands.</remarks>
public sealed unsafe class ZmqSocket : IDisposable
{
    private void* _handle;

    /// <summary>Makes a socket and sets all its options, before anything is bound or connected.</summary>
    /// <exception cref="ZmqException">An option is refused.</exception>
    public ZmqSocket(ZmqContext context, ZmqSocketKind kind, ZmqSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        Kind = kind;
        _handle = Native.zmq_socket(context.Handle, (int)kind);
        if (_handle is null)
            throw ZmqException.Of($"cannot make a {kind} socket");
        try
        {
            Configure(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Type of the socket.</summary>
    public ZmqSocketKind Kind { get; }

    /// <summary>Where it was bound last, with the real port where the endpoint asked for any (<c>tcp://127.0.0.1:*</c>).</summary>
    public string LastEndpoint
    {
        get
        {
            byte* text = stackalloc byte[256];
            nuint length = 256;
            if (Native.zmq_getsockopt(Handle, Native.LAST_ENDPOINT, text, &length) != 0)
                throw ZmqException.Of("cannot read the endpoint");
            return Encoding.UTF8.GetString(text, Math.Max(0, (int)length - 1));
        }
    }

    internal void* Handle => _handle is not null ? _handle : throw new ObjectDisposedException(nameof(ZmqSocket));

    /// <summary>Waits for peers at <paramref name="endpoint"/>.</summary>
    /// <exception cref="ZmqException">The port is in use, or the endpoint is none.</exception>
    public void Bind(string endpoint)
    {
        if (Native.zmq_bind(Handle, endpoint) != 0)
            throw ZmqException.Of($"cannot bind {endpoint}");
    }

    /// <summary>Connects to <paramref name="endpoint"/> now or as soon as somebody is there, and again whenever the connection is lost.</summary>
    /// <exception cref="ZmqException">The endpoint is none.</exception>
    public void Connect(string endpoint)
    {
        if (Native.zmq_connect(Handle, endpoint) != 0)
            throw ZmqException.Of($"cannot connect to {endpoint}");
    }

    /// <summary>Sends one frame.</summary>
    /// <returns>False where the peer is not there or its queue is full: nothing was taken.</returns>
    public bool TrySend(ReadOnlySpan<byte> frame, bool more = false)
    {
        fixed (byte* bytes = frame)
        {
            while (true)
            {
                if (Native.zmq_send(Handle, bytes, (nuint)frame.Length, Native.DONTWAIT | (more ? Native.SNDMORE : 0)) >= 0)
                    return true;
                int error = Native.zmq_errno();
                if (error is Native.EAGAIN or Native.EHOSTUNREACH or Native.ETERM)
                    return false;
                if (error != Native.EINTR)
                    throw ZmqException.Of($"cannot send {frame.Length} bytes");
            }
        }
    }

    /// <summary>Receives one frame.</summary>
    /// <returns>False where none is there.</returns>
    public bool TryReceive(ZmqMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Reset();
        while (Native.zmq_msg_recv(message.Handle, Handle, Native.DONTWAIT) < 0)
        {
            int error = Native.zmq_errno();
            if (error is Native.EAGAIN or Native.ETERM)
                return false;
            if (error != Native.EINTR)
                throw ZmqException.Of("cannot receive");
        }
        return true;
    }

    /// <summary>Waits until one of the sockets has something to receive.</summary>
    /// <param name="sockets">At most 16.</param>
    /// <param name="timeoutMs">Longest wait; 0 only looks.</param>
    /// <returns>False where the time is over, or a signal interrupted the wait.</returns>
    public static bool Wait(ReadOnlySpan<ZmqSocket> sockets, int timeoutMs)
    {
        Native.PollItem* items = stackalloc Native.PollItem[sockets.Length];
        for (int i = 0; i < sockets.Length; i++)
            items[i] = new Native.PollItem { Socket = sockets[i].Handle, Events = Native.POLLIN };
        return Native.zmq_poll(items, sockets.Length, timeoutMs) > 0;
    }

    /// <summary>A socket that receives what happens to this one's connections: first frame u16 event, u32 value; second frame endpoint.</summary>
    internal ZmqSocket Monitor(ZmqContext context)
    {
        string endpoint = $"inproc://monitor-{(nint)Handle:x}";
        const int events = Native.EVENT_DISCONNECTED | Native.EVENT_HANDSHAKE_SUCCEEDED | Native.EVENT_HANDSHAKE_FAILED_AUTH
            | Native.EVENT_HANDSHAKE_FAILED_PROTOCOL | Native.EVENT_HANDSHAKE_FAILED_NO_DETAIL;
        if (Native.zmq_socket_monitor(Handle, endpoint, events) != 0)
            throw ZmqException.Of("cannot watch the connection");
        var monitor = new ZmqSocket(context, ZmqSocketKind.Pair, new ZmqSocketOptions { ReceiveHighWater = 1000 });
        monitor.Connect(endpoint);
        return monitor;
    }

    /// <summary>Closes the socket; frames not yet sent wait at most the linger time.</summary>
    public void Dispose()
    {
        if (_handle is null)
            return;
        Native.zmq_close(_handle);
        _handle = null;
    }

    private void Configure(ZmqSocketOptions options)
    {
        Set(Native.LINGER, options.LingerMs);
        Set(Native.SNDHWM, options.SendHighWater);
        Set(Native.RCVHWM, options.ReceiveHighWater);
        Set(Native.RECONNECT_IVL, options.ReconnectMs);
        Set(Native.RECONNECT_IVL_MAX, options.ReconnectMaxMs);
        long maxBytes = options.MaxMessageBytes;
        Check(Native.zmq_setsockopt(Handle, Native.MAXMSGSIZE, &maxBytes, sizeof(long)), "the longest frame");
        if (Kind == ZmqSocketKind.Dealer)
            Set(Native.IMMEDIATE, 1); // nothing queues for a peer that is not there: the spool is the queue
        if (Kind == ZmqSocketKind.Router)
            Set(Native.ROUTER_MANDATORY, 1); // a send to a peer that has gone is refused instead of lost without a word
        if (options.Keys is not null)
            ConfigureCurve(options, options.Keys);
    }

    private void ConfigureCurve(ZmqSocketOptions options, CurveKeyPair keys)
    {
        if (options.ServerPublicKey is null)
        {
            Set(Native.CURVE_SERVER, 1);
            if (options.Authenticate)
                SetText(Native.ZAP_DOMAIN, "robotics");
        }
        else
        {
            SetText(Native.CURVE_SERVERKEY, options.ServerPublicKey);
            SetText(Native.CURVE_PUBLICKEY, keys.PublicKey);
        }
        SetText(Native.CURVE_SECRETKEY, keys.SecretKey);
    }

    private void Set(int option, int value) => Check(Native.zmq_setsockopt(Handle, option, &value, sizeof(int)), $"option {option} to {value}");

    private void SetText(int option, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* p = bytes)
            Check(Native.zmq_setsockopt(Handle, option, p, (nuint)bytes.Length), $"option {option} (a CURVE key has {CurveKeyPair.KeyLength} Z85 characters)");
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
            throw ZmqException.Of($"cannot set {what}");
    }
}
