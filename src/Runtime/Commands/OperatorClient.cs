using System.Net;
using System.Net.Sockets;
using Robotics.Core;

namespace Robotics.Runtime.Commands;

/// <summary>An operator's end of the UDP port: learns the boot identity, sends a command, and hears what became of it.</summary>
/// <remarks>Allocates and blocks; for terminals and tests. Datagrams get lost, so each is sent again until there is an answer.</remarks>
public sealed class OperatorClient : IDisposable
{
    private const int AskAgainMs = 100;
    private readonly UdpClient _socket;
    private readonly byte[] _key;
    private readonly IClock _clock;

    /// <summary>A client of the control process at <paramref name="robot"/>.</summary>
    public OperatorClient(IPEndPoint robot, byte[] key, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(robot);
        _key = key ?? throw new ArgumentNullException(nameof(key));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _socket = new UdpClient(robot.AddressFamily);
        _socket.Connect(robot);
    }

    /// <summary>Sends <paramref name="verb"/> and asks for the state after it.</summary>
    /// <returns>False where nobody answered within <paramref name="deadlineMs"/>: wrong address, wrong key, or control is dead. An emergency
    /// stop was sent all the same.</returns>
    public bool TrySend(OperatorVerb verb, int deadlineMs, out OperatorReply after)
    {
        long deadlineNs = _clock.NowNs + (deadlineMs * 1_000_000L);
        if (verb == OperatorVerb.EmergencyStop)
            Send(verb, 0); // first and without a question: it needs no boot identity
        if (!TryAsk(deadlineNs, out after))
            return false;
        if (verb == OperatorVerb.Hello)
            return true;
        Send(verb, after.Boot);
        return TryAsk(deadlineNs, out after);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool TryAsk(long deadlineNs, out OperatorReply reply)
    {
        reply = default;
        while (_clock.NowNs < deadlineNs)
        {
            ulong asked = Send(OperatorVerb.Hello, reply.Boot);
            if (TryHear(asked, out reply))
                return true;
        }
        return false;
    }

    private bool TryHear(ulong asked, out OperatorReply reply)
    {
        IPEndPoint? from = null;
        reply = default;
        try
        {
            while (_socket.Client.Poll(AskAgainMs * 1000, SelectMode.SelectRead))
            {
                if (OperatorReply.TryDecode(_socket.Receive(ref from), _key, out reply) && reply.Sequence == asked)
                    return true;
            }
        }
        catch (SocketException)
        {
            // "Connection refused" comes back while control is starting or dead: asked again until the deadline.
        }
        return false;
    }

    private ulong Send(OperatorVerb verb, ulong boot)
    {
        ulong sequence = (ulong)(WallClock.UtcNow.UtcTicks * 100); // ns: grows across starts of the operator's terminal
        var datagram = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(verb, sequence, boot, _key, datagram);
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException)
        {
            // The refusal of an earlier datagram; this one is sent again by the caller.
        }
        return sequence;
    }
}
