using System.Net.Sockets;
using Robotics.Core;
using Robotics.Runtime.Commands;

namespace Robotics.Runtime.People;

/// <summary>Operator datagrams to the control process's local socket, which file permissions authenticate.</summary>
public sealed class OperatorLine : IOperatorLine, IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _control;
    private readonly byte[] _datagram = new byte[OperatorCommandCodec.Length];
    private ulong _sequence = (ulong)(WallClock.UtcNow.UtcTicks * 100); // grows over restarts, as docs/formats/operator-command.md asks

    /// <summary>A line to the socket at <paramref name="path"/>, there or not yet.</summary>
    public OperatorLine(string path)
    {
        _control = new UnixDomainSocketEndPoint(path);
        _socket.Blocking = false;
    }

    /// <inheritdoc/>
    public bool Send(OperatorVerb verb, ulong boot)
    {
        OperatorCommandCodec.Encode(verb, ++_sequence, boot, [], _datagram);
        try
        {
            return _socket.SendTo(_datagram, _control) == _datagram.Length;
        }
        catch (SocketException)
        {
            return false; // nobody listens: the control process is not there
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
