using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>The newest policy bundle, the one before it, and what somebody is still fetching.</summary>
internal sealed class PolicyShelf
{
    private const int Most = 8; // 512 MiB of the largest bundles; edges so slow that they are this far apart begin anew

    private readonly List<Entry> _bundles = [];

    public PolicyStamp Newest { get; private set; }

    public bool IsEmpty => _bundles.Count == 0;

    /// <summary>Puts a bundle, which its owner does not change any more, on top.</summary>
    public void Put(ReadOnlyMemory<byte> bundle, ReadOnlySpan<byte> hash, PolicyStamp stamp)
    {
        _bundles.Insert(0, new Entry(hash.ToArray(), bundle));
        for (int i = _bundles.Count - 1; i >= 2; i--)
        {
            if (!_bundles[i].WasAskedFor || i >= Most)
                _bundles.RemoveAt(i);
        }
        foreach (Entry entry in _bundles)
            entry.WasAskedFor = false;
        Newest = stamp;
    }

    public ReadOnlySpan<byte> Announce(Span<byte> buffer, uint session) => new PolicyAnnounceMessage
    {
        Stamp = Newest,
        Size = (uint)_bundles[0].Bundle.Length,
        Hash = _bundles[0].Hash,
    }.Write(buffer, session);

    public bool TryPiece(ReadOnlySpan<byte> hash, uint offset, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        foreach (Entry entry in _bundles)
        {
            ReadOnlyMemory<byte> bundle = entry.Bundle;
            if (!hash.SequenceEqual(entry.Hash) || offset >= bundle.Length)
                continue;
            entry.WasAskedFor = true;
            piece = bundle.Span.Slice((int)offset, Math.Min(LinkLimits.PolicyChunkBytes, bundle.Length - (int)offset));
            return true;
        }
        return false;
    }

    private sealed class Entry(byte[] hash, ReadOnlyMemory<byte> bundle)
    {
        public byte[] Hash { get; } = hash;

        public ReadOnlyMemory<byte> Bundle { get; } = bundle;

        /// <summary>Since the last bundle was put on top.</summary>
        public bool WasAskedFor { get; set; }
    }
}
