using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>One edge that was welcomed: its stream, how far it is, what it was told.</summary>
internal sealed class LearnerSession(uint id, PeerAddress peer, SpoolWriter store, LinkEncoding encoding)
{
    private readonly TransitionRecord? _record = encoding == LinkEncoding.Record ? null : new TransitionRecord(store.Schema);
    private readonly byte[] _bytes = encoding == LinkEncoding.Record ? [] : new byte[store.Schema.FinalRecordLength];

    public uint Id => id;

    public LinkEncoding Encoding => encoding;

    public PeerAddress Peer => peer;

    public SpoolWriter Store => store;

    public SpoolStream Stream => store.Stream;

    public ProgressMessage Told { get; set; }

    public long HeardNs { get; set; }

    public ulong ResendAskedAt { get; set; } = ulong.MaxValue;

    public long ResendAskedNs { get; set; }

    public PolicyStamp Installed { get; set; }

    public ulong Recorded { get; set; }

    /// <summary>Takes the next record of a data frame off <paramref name="rest"/>, in whatever form the peer sends; false where it is not valid.</summary>
    public bool TryNext(ref ReadOnlySpan<byte> rest, out TransitionHeader header, out ReadOnlySpan<byte> record)
    {
        record = rest;
        int length = 0;
        if (_record is not null)
        {
            header = default;
            if (TransitionMessagePack.TryDecode(rest, _record, out length) != DecodeStatus.Ok)
                return false;
            record = _bytes.AsSpan(0, TransitionCodec.Encode(_record, _bytes));
        }
        if (TransitionCodec.TryPeek(record, store.Schema, out header) != DecodeStatus.Ok || header.Robot != Stream.Robot || header.Boot != Stream.Boot)
            return false;
        record = record[..header.Length];
        rest = rest[(_record is null ? header.Length : length)..];
        return true;
    }

    public ProgressMessage Progress(uint leadSteps) =>
        new(store.LastDurable, store.LastAppended, leadSteps == 0 ? ulong.MaxValue : store.LastAppended + leadSteps);
}
