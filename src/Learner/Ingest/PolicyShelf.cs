using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>The newest policy bundle and the one before it, which somebody may still be fetching.</summary>
internal sealed class PolicyShelf
{
    private readonly List<(byte[] Hash, ReadOnlyMemory<byte> Bundle)> _bundles = [];

    public PolicyStamp Newest { get; private set; }

    public bool IsEmpty => _bundles.Count == 0;

    /// <summary>Puts a bundle, which its owner does not change any more, on top.</summary>
    public void Put(ReadOnlyMemory<byte> bundle, ReadOnlySpan<byte> hash, PolicyStamp stamp)
    {
        _bundles.Insert(0, (hash.ToArray(), bundle));
        if (_bundles.Count > 2)
            _bundles.RemoveAt(2);
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
        foreach ((byte[] h, ReadOnlyMemory<byte> bundle) in _bundles)
        {
            if (!hash.SequenceEqual(h) || offset >= bundle.Length)
                continue;
            piece = bundle.Span.Slice((int)offset, Math.Min(LinkLimits.PolicyChunkBytes, bundle.Length - (int)offset));
            return true;
        }
        return false;
    }
}
