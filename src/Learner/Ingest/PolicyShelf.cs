using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>The newest policy bundle, the one before it, and what somebody is still fetching.</summary>
internal sealed class PolicyShelf
{
    private const int Most = 8; // 512 MiB of the largest bundles; of more, those asked for longest ago go, and whoever still wants one begins anew
    private const int AlwaysKept = 2;
    private const long FetchPauseNs = 2_000_000_000; // an edge asks again for what it lacks within a second (Downlink): one silent for two fetches it no more

    private readonly List<Entry> _bundles = [];

    public PolicyStamp Newest { get; private set; }

    public bool IsEmpty => _bundles.Count == 0;

    /// <summary>Puts a bundle, which its owner does not change any more, on top.</summary>
    public void Put(ReadOnlyMemory<byte> bundle, ReadOnlySpan<byte> hash, PolicyStamp stamp, long nowNs)
    {
        _bundles.Insert(0, new Entry(hash.ToArray(), bundle) { AskedNs = nowNs });
        for (int i = _bundles.Count - 1; i >= AlwaysKept; i--)
        {
            if (nowNs - _bundles[i].AskedNs > FetchPauseNs)
                _bundles.RemoveAt(i);
        }
        while (_bundles.Count > Most)
            _bundles.Remove(_bundles.Skip(AlwaysKept).MinBy(entry => entry.AskedNs)!);
        Newest = stamp;
    }

    public ReadOnlySpan<byte> Announce(Span<byte> buffer, uint session) => new PolicyAnnounceMessage
    {
        Stamp = Newest,
        Size = (uint)_bundles[0].Bundle.Length,
        Hash = _bundles[0].Hash,
    }.Write(buffer, session);

    public bool TryPiece(ReadOnlySpan<byte> hash, uint offset, long nowNs, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        foreach (Entry entry in _bundles)
        {
            ReadOnlyMemory<byte> bundle = entry.Bundle;
            if (!hash.SequenceEqual(entry.Hash) || offset >= bundle.Length)
                continue;
            entry.AskedNs = nowNs;
            piece = bundle.Span.Slice((int)offset, Math.Min(LinkLimits.PolicyChunkBytes, bundle.Length - (int)offset));
            return true;
        }
        return false;
    }

    private sealed class Entry(byte[] hash, ReadOnlyMemory<byte> bundle)
    {
        public byte[] Hash { get; } = hash;

        public ReadOnlyMemory<byte> Bundle { get; } = bundle;

        /// <summary>When somebody asked for a piece of it last; when it was put, where nobody has.</summary>
        public long AskedNs { get; set; }
    }
}
