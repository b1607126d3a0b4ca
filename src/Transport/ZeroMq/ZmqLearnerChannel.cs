namespace Robotics.Transport;

/// <summary>The learner's end of a link over ZeroMQ: a ROUTER behind an allow-list of keys.</summary>
public sealed class ZmqLearnerChannel : ILearnerChannel
{
    private readonly ZmqContext _context;
    private readonly ZapAuthenticator? _authenticator;
    private readonly ZmqSocket _socket;
    private readonly ZmqSocket[] _waited;
    private readonly ZmqMessage _address = new();
    private readonly ZmqMessage _message = new();
    private readonly Action<string>? _log;
    private long _toldRefused;

    /// <summary>Listens at <paramref name="endpoint"/>.</summary>
    /// <param name="endpoint">For example <c>tcp://127.0.0.1:5750</c>; port <c>*</c> takes any free one, see <see cref="Endpoint"/>.</param>
    /// <param name="keys">Own CURVE keys; null for connections in clear.</param>
    /// <param name="allowed">Public key (Z85) to robot, 16 hexadecimal digits, or <c>*</c> for a key that may speak for any robot; with <paramref name="keys"/>.</param>
    /// <param name="log">Lines for people, on the thread that receives; null for none.</param>
    /// <exception cref="ZmqException">libzmq is missing, a key is none, or the port is in use.</exception>
    public ZmqLearnerChannel(string endpoint, CurveKeyPair? keys, IReadOnlyDictionary<string, string>? allowed, Action<string>? log = null)
    {
        _log = log;
        if (keys is null != allowed is null)
            throw new ZmqException("a CURVE link needs both the learner's own keys and the allow-list of the robots' public keys: run `robotics config keys`");
        _context = new ZmqContext();
        _authenticator = allowed is null ? null : new ZapAuthenticator(_context, allowed);
        _socket = new ZmqSocket(_context, ZmqSocketKind.Router, new ZmqSocketOptions { Keys = keys, Authenticate = keys is not null });
        _waited = _authenticator is null ? [_socket] : [_socket, _authenticator.Socket];
        try
        {
            _socket.Bind(endpoint);
        }
        catch (ZmqException)
        {
            Dispose();
            throw;
        }
        Endpoint = _socket.LastEndpoint;
    }

    /// <summary>Where it listens, with the real port.</summary>
    public string Endpoint { get; } = "";

    /// <summary>Connections refused because their key is not on the list.</summary>
    public long RefusedKeys => _authenticator?.Refused ?? 0;

    /// <summary>The key refused last, for the log.</summary>
    public string LastRefusedKey => _authenticator?.LastRefused ?? "";

    /// <summary>Messages dropped because they were not one frame behind a usable address.</summary>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public bool TrySend(PeerAddress peer, ReadOnlySpan<byte> frame)
    {
        Span<byte> buffer = stackalloc byte[PeerAddress.MaxLength];
        // Once the address is taken, the frame that belongs to it is never refused.
        return _socket.TrySend(peer.Write(buffer), more: true) && _socket.TrySend(frame);
    }

    /// <inheritdoc/>
    public bool TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> frame)
    {
        Authenticate();
        peer = default;
        user = default;
        frame = default;
        while (_socket.TryReceive(_address))
        {
            bool valid = PeerAddress.TryRead(_address.Bytes, out peer) && _address.More && _socket.TryReceive(_message);
            if (valid && !_message.More)
            {
                user = _message.UserId;
                frame = _message.Bytes;
                return true;
            }
            Malformed++;
            ZmqEdgeChannel.SkipRest(_socket, valid ? _message : _address);
        }
        return false;
    }

    /// <inheritdoc/>
    public void Wait(int timeoutMs)
    {
        ZmqSocket.Wait(_waited, timeoutMs);
        Authenticate();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _authenticator?.Dispose();
        _address.Dispose();
        _message.Dispose();
        _context.Dispose();
    }

    private void Authenticate()
    {
        if (_authenticator is null)
            return;
        _authenticator.Pump();
        if (_authenticator.Refused == _toldRefused)
            return;
        _toldRefused = _authenticator.Refused;
        if (long.IsPow2(_toldRefused)) // libzmq tries again and again, and a hostile peer must not fill the log
            _log?.Invoke($"refused a key that is not on the allow-list ({_toldRefused} refused so far): {_authenticator.LastRefused}; a robot's key is put there by: robotics config keys");
    }
}
