using System.Net;
using System.Net.Sockets;

namespace Robotics.Drivers.Serial;

/// <summary>Datagrams as a byte stream: each write is one datagram. Listening, it answers whoever spoke first and hears nobody else.</summary>
/// <remarks>UDP itself has no authenticity: off the machine use MAVLink signing, docs/guides/serial.md.</remarks>
public sealed class UdpByteStream : IByteStream
{
    private readonly Socket _socket;
    private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
    private readonly SocketAddress _peer = new(AddressFamily.InterNetwork);
    private readonly byte[] _datagram = new byte[65536];
    private int _held;
    private int _offset;
    private bool _hasPeer;
    private bool _closed;

    private UdpByteStream(Socket socket, string name)
    {
        _socket = socket;
        _socket.Blocking = false;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The port this end is bound to.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Datagrams dropped because they did not come from the peer.</summary>
    public long Foreign { get; private set; }

    /// <summary>Waits on <paramref name="port"/> (0 = any free one) of <paramref name="address"/> (all interfaces where null).</summary>
    public static UdpByteStream Listen(int port, IPAddress? address = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address ?? IPAddress.Any, port));
            return new UdpByteStream(socket, $"udp:{port}");
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"udp:{port} cannot be bound: {e.Message}; is another ground station using the port?", e);
        }
    }

    /// <summary>Speaks to <paramref name="peer"/> from a free local port.</summary>
    public static UdpByteStream Connect(IPEndPoint peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var stream = new UdpByteStream(socket, $"udp:{peer}");
        Copy(peer.Serialize(), stream._peer);
        stream._hasPeer = true;
        return stream;
    }

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_closed)
            return StreamStatus.Lost;
        if (_offset == _held && !Receive())
            return StreamStatus.Idle;
        count = Math.Min(buffer.Length, _held - _offset);
        _datagram.AsSpan(_offset, count).CopyTo(buffer);
        _offset += count;
        return count > 0 ? StreamStatus.Ok : StreamStatus.Idle;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (_closed)
            return StreamStatus.Lost;
        if (!_hasPeer || bytes.IsEmpty)
            return StreamStatus.Idle;
        try
        {
            count = _socket.SendTo(bytes, SocketFlags.None, _peer);
            return StreamStatus.Ok;
        }
        catch (SocketException)
        {
            // Buffer full, or an ICMP refusal because the peer is not up yet: either way nothing went out and a later write may.
            return StreamStatus.Idle;
        }
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) =>
        !_closed && (_offset < _held || _socket.Poll(TimeSpan.FromMilliseconds(timeoutMs), SelectMode.SelectRead));

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }

    private bool Receive()
    {
        while (_socket.Available > 0)
        {
            try
            {
                _held = _socket.ReceiveFrom(_datagram, SocketFlags.None, _from);
            }
            catch (SocketException)
            {
                _held = 0; // an ICMP refusal is reported here too
                _offset = 0;
                return false;
            }
            _offset = 0;
            if (FromPeer())
                return _held > 0;
            Foreign++;
            _held = 0;
        }
        return false;
    }

    private bool FromPeer()
    {
        if (!_hasPeer)
        {
            Copy(_from, _peer);
            _hasPeer = true;
        }
        return Same(_from, _peer);
    }

    // sockaddr_in: family 2, port 2, address 4, padding 8. The padding is not part of the identity.
    private static bool Same(SocketAddress a, SocketAddress b) => a.Buffer.Span[..8].SequenceEqual(b.Buffer.Span[..8]);

    private static void Copy(SocketAddress from, SocketAddress to)
    {
        from.Buffer.Span[..from.Size].CopyTo(to.Buffer.Span);
        to.Size = from.Size;
    }
}
