using System.Net.Sockets;

namespace Robotics.Drivers.Serial;

/// <summary>Bytes over TCP, Nagle off. The peer closing the connection is a lost stream.</summary>
public sealed class TcpByteStream : IByteStream
{
    private readonly Socket _socket;
    private bool _lost;

    /// <summary>Takes over a connected <paramref name="socket"/>.</summary>
    public TcpByteStream(Socket socket, string name)
    {
        _socket = socket ?? throw new ArgumentNullException(nameof(socket));
        _socket.Blocking = false;
        _socket.NoDelay = true;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Connects to <paramref name="host"/>:<paramref name="port"/>.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public static TcpByteStream Connect(string host, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(host, port);
            return new TcpByteStream(socket, $"tcp:{host}:{port}");
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"tcp:{host}:{port} cannot be reached: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_lost)
            return StreamStatus.Lost;
        int n = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return StreamStatus.Idle;
        _lost = error != SocketError.Success || (n == 0 && !buffer.IsEmpty);
        count = _lost ? 0 : n;
        return _lost ? StreamStatus.Lost : StreamStatus.Ok;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (_lost)
            return StreamStatus.Lost;
        int n = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return StreamStatus.Idle;
        _lost = error != SocketError.Success;
        count = _lost ? 0 : n;
        return _lost ? StreamStatus.Lost : StreamStatus.Ok;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => !_lost && _socket.Poll(TimeSpan.FromMilliseconds(timeoutMs), SelectMode.SelectRead);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lost = true;
        _socket.Dispose();
    }
}
