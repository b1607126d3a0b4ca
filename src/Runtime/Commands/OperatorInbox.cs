namespace Robotics.Runtime.Commands;

/// <summary>Decides which operator datagrams count. Pure but for the last sequence it saw: tested without a socket.</summary>
/// <remarks>An emergency stop and a question always count. Everything else needs the right code, this boot's identity and a sequence that grew.</remarks>
public sealed class OperatorInbox(ulong boot, ReadOnlyMemory<byte> key)
{
    private ulong _lastSequence;

    /// <summary>Datagrams that were refused since start.</summary>
    public long Refused { get; private set; }

    /// <summary>The verb of <paramref name="datagram"/>, or <see cref="OperatorVerb.None"/> where it does not count.</summary>
    public OperatorVerb Accept(ReadOnlySpan<byte> datagram)
    {
        if (!OperatorCommandCodec.TryDecode(datagram, key.Span, out OperatorVerb verb, out ulong sequence, out ulong forBoot))
            return Refuse();
        if (verb is OperatorVerb.EmergencyStop or OperatorVerb.Hello)
            return verb; // stopping is always safe, a question changes nothing
        if (forBoot != boot || sequence <= _lastSequence)
            return Refuse();
        _lastSequence = sequence;
        return verb;
    }

    private OperatorVerb Refuse()
    {
        Refused++;
        return OperatorVerb.None;
    }
}
