using System.Net;
using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Commands;

/// <summary>Where operators reach the control process: a local socket (file permissions authenticate) and, where the run asks for it, a UDP
/// port with a shared key. Works with agent and learner dead.</summary>
/// <remarks>Control thread; neither blocks nor allocates after construction. A flood is looked at a few datagrams per tick, so it cannot hold the
/// loop up; the rest waits in the socket and is dropped there.</remarks>
public sealed class OperatorPort : IDisposable
{
    private const int DatagramsPerTick = 2; // per socket; checking one code costs about 2 us

    private readonly DatagramSocket _local;
    private readonly DatagramSocket? _udp;
    private readonly OperatorInbox _localInbox;
    private readonly OperatorInbox _udpInbox;
    private readonly ulong _boot;
    private readonly ReadOnlyMemory<byte> _key;
    private readonly byte[] _datagram = new byte[128]; // longer ones are cut, and refused by their length
    private readonly byte[] _reply = new byte[OperatorCommandCodec.Length];

    /// <summary>Listens at <paramref name="localPath"/> and, where given, at <paramref name="udp"/>.</summary>
    /// <param name="localPath">Path of the local socket.</param>
    /// <param name="boot">Identity of this start of the control process.</param>
    /// <param name="udp">Address and port; null for none.</param>
    /// <param name="key">Shared key of the UDP port.</param>
    /// <exception cref="IOException">An address cannot be bound.</exception>
    /// <exception cref="ArgumentException">A UDP port without a key.</exception>
    public OperatorPort(string localPath, ulong boot, IPEndPoint? udp = null, ReadOnlyMemory<byte> key = default)
    {
        if (udp is not null && key.Length < OperatorKey.Length)
            throw new ArgumentException($"the UDP port {udp} needs a key of {OperatorKey.Length} bytes, this one has {key.Length}", nameof(key));
        _boot = boot;
        _key = key;
        _local = DatagramSocket.BindLocal(localPath);
        _udp = udp is null ? null : DatagramSocket.BindUdp(udp);
        _localInbox = new OperatorInbox(boot, ReadOnlyMemory<byte>.Empty);
        _udpInbox = new OperatorInbox(boot, key);
        WarmUp();
    }

    /// <summary>Datagrams refused since start.</summary>
    public long Refused => _localInbox.Refused + _udpInbox.Refused - 1; // one is our own, from the warm-up

    /// <summary>The UDP port in use; 0 for none.</summary>
    public int UdpPort => _udp?.Port ?? 0;

    /// <summary>Hands each waiting command to <paramref name="desk"/>.</summary>
    public void Serve(IOperatorDesk desk)
    {
        for (int i = 0; i < DatagramsPerTick; i++)
        {
            int length = _local.TryReceive(_datagram);
            if (length < 0)
                break;
            OperatorVerb verb = _localInbox.Accept(_datagram.AsSpan(0, length));
            if (verb is not (OperatorVerb.None or OperatorVerb.Hello))
                desk.Obey(verb);
        }
        for (int i = 0; _udp is not null && i < DatagramsPerTick; i++)
        {
            int length = _udp.TryReceive(_datagram);
            if (length < 0)
                break;
            OperatorVerb verb = _udpInbox.Accept(_datagram.AsSpan(0, length));
            if (verb == OperatorVerb.Hello)
                Answer(desk);
            else if (verb != OperatorVerb.None)
                desk.Obey(verb);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _local.Dispose();
        _udp?.Dispose();
    }

    private void Answer(IOperatorDesk desk)
    {
        OperatorCommandCodec.TryDecode(_datagram.AsSpan(0, OperatorCommandCodec.Length), _key.Span, out _, out ulong sequence, out _);
        new OperatorReply(sequence, _boot, desk.Arming, desk.Action).Encode(_key.Span, _reply);
        _udp!.TryReply(_reply);
    }

    // The first code loads the cryptographic library, the first receive its native stub: before the flight.
    private void WarmUp()
    {
        Span<byte> forged = stackalloc byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(OperatorVerb.Hello, 0, 0, new byte[OperatorKey.Length], forged);
        forged[^1] ^= 1;
        _udpInbox.Accept(forged);
        new OperatorReply(0, _boot, ArmingState.Disarmed, SafetyAction.PowerCut).Encode(_key.Span, _reply);
        _local.TryReceive(_datagram);
        _udp?.TryReceive(_datagram);
    }
}
