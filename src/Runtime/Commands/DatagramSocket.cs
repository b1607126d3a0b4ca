using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Robotics.Runtime.Commands;

/// <summary>A socket that the control thread can ask for a datagram without blocking or allocating.</summary>
public sealed unsafe partial class DatagramSocket : IDisposable
{
    private const int DontWait = 0x40; // MSG_DONTWAIT, sys/socket.h
    private const int SenderBytes = 128; // sizeof(struct sockaddr_storage)
    private readonly Socket _socket;
    private readonly string? _path;
    private readonly int _descriptor;
    private readonly byte[] _sender = new byte[SenderBytes];
    private int _senderLength;

    private DatagramSocket(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
        _descriptor = (int)socket.Handle;
    }

    /// <summary>UDP port it is bound to; 0 for a local socket.</summary>
    public int Port => (_socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Local socket at <paramref name="path"/>, readable and writable by this user only.</summary>
    /// <exception cref="IOException">The path cannot be bound.</exception>
    public static DatagramSocket BindLocal(string path)
    {
        File.Delete(path); // left by a control process that was killed
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"cannot bind the operator socket {path}: {e.Message}", e);
        }
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new DatagramSocket(socket, path);
    }

    /// <summary>UDP at <paramref name="endpoint"/>.</summary>
    /// <exception cref="IOException">The port is taken or not allowed.</exception>
    public static DatagramSocket BindUdp(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(endpoint);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"cannot bind the operator port udp:{endpoint}: {e.Message}; choose another port or stop the process that holds it", e);
        }
        return new DatagramSocket(socket, null);
    }

    /// <summary>Takes one waiting datagram into <paramref name="destination"/>; -1 where there is none.</summary>
    public int TryReceive(Span<byte> destination)
    {
        fixed (byte* d = destination)
        fixed (byte* sender = _sender)
        {
            uint length = SenderBytes;
            int received = (int)ReceiveFrom(_descriptor, d, (nuint)destination.Length, DontWait, sender, &length);
            _senderLength = received < 0 ? 0 : (int)Math.Min(length, SenderBytes);
            return received;
        }
    }

    /// <summary>Answers whoever sent the datagram received last; false where it has no address or the socket is busy.</summary>
    public bool TryReply(ReadOnlySpan<byte> datagram)
    {
        if (_senderLength == 0)
            return false;
        fixed (byte* d = datagram)
        fixed (byte* sender = _sender)
            return SendTo(_descriptor, d, (nuint)datagram.Length, DontWait, sender, (uint)_senderLength) == datagram.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
            File.Delete(_path);
    }

    [LibraryImport("libc", EntryPoint = "recvfrom")]
    private static partial nint ReceiveFrom(int descriptor, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport("libc", EntryPoint = "sendto")]
    private static partial nint SendTo(int descriptor, byte* buffer, nuint length, int flags, byte* address, uint addressLength);
}
