using System.Text;

namespace Robotics.Transport;

/// <summary>Answers libzmq's question "may this key connect?" (ZAP, rfc.zeromq.org/spec/27) from an allow-list.</summary>
/// <remarks>Pumped by the thread of the endpoint it guards; make it before the guarded socket is bound.</remarks>
public sealed class ZapAuthenticator : IDisposable
{
    private const string Endpoint = "inproc://zeromq.zap.01";
    private const int RequestFrames = 8; // routing id, delimiter, version, request id, domain, address, identity, mechanism; credentials follow

    private readonly ZmqSocket _socket;
    private readonly ZmqMessage _message = new();
    private readonly Dictionary<string, string> _names;
    private readonly List<byte[]> _frames = [];

    /// <summary>Admits the keys of <paramref name="names"/> only.</summary>
    /// <param name="context">The context whose sockets it guards: one authenticator per context.</param>
    /// <param name="names">Public key (Z85) to name; the name is what <see cref="ZmqMessage.UserId"/> tells of a message.</param>
    public ZapAuthenticator(ZmqContext context, IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = new Dictionary<string, string>(names, StringComparer.Ordinal);
        _socket = new ZmqSocket(context, ZmqSocketKind.Router, new ZmqSocketOptions());
        _socket.Bind(Endpoint);
    }

    /// <summary>Connections refused because their key is not on the list.</summary>
    public long Refused { get; private set; }

    /// <summary>The key refused last (Z85), for the log.</summary>
    public string LastRefused { get; private set; } = "";

    internal ZmqSocket Socket => _socket;

    /// <summary>Answers what has been asked since the last call; never blocks.</summary>
    public void Pump()
    {
        while (TryReadRequest())
            Answer();
    }

    /// <summary>Stops answering: libzmq then refuses every new connection.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _message.Dispose();
    }

    private bool TryReadRequest()
    {
        _frames.Clear();
        while (_socket.TryReceive(_message))
        {
            if (_frames.Count < 16 && _message.Bytes.Length <= 255) // limits of the RFC; this socket is inside the process
                _frames.Add(_message.Bytes.ToArray());
            if (!_message.More)
                return true;
        }
        return false;
    }

    private void Answer()
    {
        if (_frames.Count < RequestFrames)
            return;
        string? name = null;
        bool isCurve = _frames.Count == RequestFrames + 1 && _frames[^1].Length == 32 && _frames[7].AsSpan().SequenceEqual("CURVE"u8);
        string key = isCurve ? CurveKeyPair.Encode(_frames[^1]) : "";
        bool admitted = isCurve && _names.TryGetValue(key, out name);
        if (!admitted)
        {
            Refused++;
            LastRefused = key;
        }
        _socket.TrySend(_frames[0], more: true);
        _socket.TrySend([], more: true);
        _socket.TrySend("1.0"u8, more: true);
        _socket.TrySend(_frames[3], more: true);
        _socket.TrySend(admitted ? "200"u8 : "400"u8, more: true);
        _socket.TrySend(admitted ? "OK"u8 : "key not on the allow-list"u8, more: true);
        _socket.TrySend(Encoding.UTF8.GetBytes(name ?? ""), more: true);
        _socket.TrySend([]);
    }
}
