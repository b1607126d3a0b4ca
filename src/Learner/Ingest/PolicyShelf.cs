using System.Security.Cryptography;
using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>The newest policy bundle and the one before it, which somebody may still be fetching.</summary>
internal sealed class PolicyShelf
{
    private readonly List<(byte[] Hash, byte[] Bundle)> _bundles = [];

    public PolicyStamp Newest { get; private set; }

    public bool IsEmpty => _bundles.Count == 0;

    public void Put(ReadOnlySpan<byte> bundle, PolicyStamp stamp)
    {
        _bundles.Insert(0, (SHA256.HashData(bundle), bundle.ToArray()));
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
        foreach ((byte[] h, byte[] bundle) in _bundles)
        {
            if (!hash.SequenceEqual(h) || offset >= bundle.Length)
                continue;
            piece = bundle.AsSpan((int)offset, Math.Min(LinkLimits.PolicyChunkBytes, bundle.Length - (int)offset));
            return true;
        }
        return false;
    }
}
