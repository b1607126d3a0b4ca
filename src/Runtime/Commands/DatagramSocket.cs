using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Robotics.Runtime.Commands;

/// <summary>A socket that the control thread can ask for a datagram without blocking or allocating.</summary>
public sealed unsafe partial class DatagramSocket : IDisposable
{
    private const int DontWait = 0x40; // MSG_DONTWAIT, sys/socket.h
    private readonly Socket _socket;
    private readonly string? _path;
    private readonly int _descriptor;

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
            return (int)Receive(_descriptor, d, (nuint)destination.Length, DontWait);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
            File.Delete(_path);
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);
}
