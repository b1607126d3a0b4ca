using System.Buffers.Binary;

namespace Robotics.Transport;

/// <summary>The edge's end of a link over ZeroMQ: a DEALER that libzmq reconnects with back-off, and a monitor that tells why it is not connected.</summary>
public sealed class ZmqEdgeChannel : IEdgeChannel
{
    private readonly ZmqContext _context;
    private readonly ZmqSocket _socket;
    private readonly ZmqSocket _monitor;
    private readonly ZmqMessage _message = new();
    private readonly ZmqMessage _event = new();

    /// <summary>Connects to a learner at <paramref name="endpoint"/>, now or whenever it is there.</summary>
    /// <param name="endpoint">For example <c>tcp://127.0.0.1:5750</c>.</param>
    /// <param name="keys">Own CURVE keys; null for a connection in clear.</param>
    /// <param name="learnerKey">The learner's public key; with <paramref name="keys"/>.</param>
    /// <exception cref="ZmqException">libzmq is missing, a key is none, or the endpoint is none.</exception>
    public ZmqEdgeChannel(string endpoint, CurveKeyPair? keys, string? learnerKey)
    {
        if (keys is null != learnerKey is null)
            throw new ZmqException("a CURVE link needs both the edge's own keys and the learner's public key: run `robotics config keys`");
        _context = new ZmqContext();
        _socket = new ZmqSocket(_context, ZmqSocketKind.Dealer, new ZmqSocketOptions { Keys = keys, ServerPublicKey = learnerKey });
        _monitor = _socket.Monitor(_context);
        _socket.Connect(endpoint);
    }

    /// <inheritdoc/>
    public long Connections { get; private set; }

    /// <inheritdoc/>
    public string Trouble { get; private set; } = "";

    /// <summary>Handshakes that the learner refused or that failed: wrong key, key not on the list, no CURVE.</summary>
    public long FailedHandshakes { get; private set; }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame) => _socket.TrySend(frame);

    /// <inheritdoc/>
    public bool TryReceive(out ReadOnlySpan<byte> frame)
    {
        PumpMonitor();
        frame = default;
        while (_socket.TryReceive(_message))
        {
            if (_message.More)
            {
                SkipRest(_socket, _message);
                continue;
            }
            frame = _message.Bytes;
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Wait(int timeoutMs) => ZmqSocket.Wait([_socket, _monitor], timeoutMs);

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor.Dispose();
        _socket.Dispose();
        _message.Dispose();
        _event.Dispose();
        _context.Dispose();
    }

    internal static void SkipRest(ZmqSocket socket, ZmqMessage message)
    {
        while (message.More && socket.TryReceive(message))
        {
        }
    }

    private void PumpMonitor()
    {
        while (_monitor.TryReceive(_event))
        {
            ReadOnlySpan<byte> bytes = _event.Bytes;
            int number = bytes.Length >= 6 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
            SkipRest(_monitor, _event);
            Note(number);
        }
    }

    private void Note(int number)
    {
        switch (number)
        {
            case Native.EVENT_HANDSHAKE_SUCCEEDED:
                Connections++;
                Trouble = "";
                break;
            case Native.EVENT_DISCONNECTED when Trouble.Length == 0:
                Trouble = "the connection was lost";
                break;
            case Native.EVENT_HANDSHAKE_FAILED_AUTH:
                FailedHandshakes++;
                Trouble = "the other end refused this key: it is not on its allow-list";
                break;
            case Native.EVENT_HANDSHAKE_FAILED_NO_DETAIL or Native.EVENT_HANDSHAKE_FAILED_PROTOCOL:
                FailedHandshakes++;
                Trouble = "the CURVE handshake failed: wrong public key of the other end, or only one side uses CURVE";
                break;
        }
    }
}
