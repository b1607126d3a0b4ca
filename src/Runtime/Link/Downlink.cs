using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Runtime;

/// <summary>Fetches the newest announced policy in pieces and proves it whole. Latest wins: of what was announced meanwhile only the newest is fetched next.</summary>
/// <remarks>One thread. Beyond the first 2 MiB memory grows with the bytes that arrive, never with the size that was announced. A few pieces are asked for ahead,
/// and each is hashed while the next is on its way. A download that has begun is finished, unless it stands still: a learner that publishes faster
/// than the network carries would else never bring a policy across.</remarks>
internal sealed class Downlink : IDisposable
{
    private const long RetryNs = 1_000_000_000; // a lost request or piece is asked for again after this
    private const int Window = 32 * LinkLimits.PolicyChunkBytes; // asked ahead: 2 MiB, the published recipes' networks in one round trip

    private const int FirstRoom = 2 * 1024 * 1024; // with the first piece: the published recipes' networks need no second

    private readonly byte[] _hash = new byte[PolicyAnnounceMessage.HashLength];
    private readonly BundleHasher _hasher = new();
    private byte[] _coming = [];
    private uint _size;
    private int _received;
    private long _asked;
    private readonly byte[] _nextHash = new byte[PolicyAnnounceMessage.HashLength];
    private PolicyStamp _nextStamp;
    private uint _nextSize;
    private bool _hasNext;
    private bool _isComing;
    private bool _isKnown;
    private long _progressNs = long.MinValue;
    private PolicyStamp _comingStamp;

    /// <summary>The newest announced policy.</summary>
    public PolicyStamp Announced => _hasNext ? _nextStamp : _comingStamp;

    /// <summary>Which policy the whole bundle is.</summary>
    public PolicyStamp Stamp { get; private set; }

    /// <summary>Hashes of the whole bundle; null before the first.</summary>
    public BundleHashes? Hashes { get; private set; }

    /// <summary>A bundle came whole and was not taken yet.</summary>
    public bool HasBundle { get; private set; }

    /// <summary>The whole bundle, in memory that is never written again; empty once it was taken.</summary>
    public ReadOnlyMemory<byte> Bundle { get; private set; }

    /// <summary>Marks the whole bundle as taken.</summary>
    public void Take() => (HasBundle, Bundle) = (false, default);

    /// <summary>Notes the announced policy as the next to fetch, where it is not the one at hand or coming.</summary>
    public void Announce(in PolicyAnnounceMessage message)
    {
        _hasNext = !_isKnown || !message.Hash.SequenceEqual(_hash);
        if (!_hasNext)
            return;
        message.Hash.CopyTo(_nextHash);
        _nextSize = message.Size;
        _nextStamp = message.Stamp;
    }

    /// <summary>Asks for the pieces that are due.</summary>
    public void Request(IEdgeChannel channel, uint session, Span<byte> buffer, EdgeLinkCounters counters, long nowNs)
    {
        bool isStill = _progressNs == long.MinValue || nowNs - _progressNs >= RetryNs;
        // While a whole one waits to be taken, what would be fetched now might be old by the time its taker is done with that.
        if (_hasNext && !HasBundle && (!_isComing || isStill))
            BeginNext(counters);
        if (!_isComing)
            return;
        if (isStill || _progressNs == long.MinValue)
            (_asked, _progressNs) = (_received, nowNs);
        while (_asked < _size && _asked < (long)_received + Window)
        {
            if (!channel.TrySend(new PolicyRequestMessage { Hash = _hash, Offset = (uint)_asked }.Write(buffer, session)))
                return;
            _asked += LinkLimits.PolicyChunkBytes;
        }
    }

    /// <summary>Takes a piece.</summary>
    public void Accept(in PolicyChunkMessage message, EdgeLinkCounters counters, long nowNs)
    {
        if (!_isComing || message.Offset != _received || !message.Hash.SequenceEqual(_hash) || message.Bytes.Length > _size - _received)
            return; // an answer to a question of before
        MakeRoom(_received + message.Bytes.Length);
        message.Bytes.CopyTo(_coming.AsSpan(_received));
        _hasher.Append(message.Bytes);
        _received += message.Bytes.Length;
        _asked = Math.Max(_asked, _received);
        _progressNs = nowNs;
        if (_received == _size)
            Complete(counters);
    }

    /// <summary>The session is over: pieces already here are kept, the question is asked again.</summary>
    public void Restart() => _progressNs = long.MinValue;

    /// <inheritdoc/>
    public void Dispose() => _hasher.Dispose();

    private void BeginNext(EdgeLinkCounters counters)
    {
        counters.PoliciesAbandoned += _isComing ? 1 : 0;
        _nextHash.CopyTo(_hash, 0);
        (_size, _comingStamp, _hasNext) = (_nextSize, _nextStamp, false);
        _received = 0;
        _hasher.Reset();
        _isComing = _isKnown = true;
        Restart();
    }

    private void MakeRoom(int length)
    {
        if (_coming.Length >= length)
            return;
        byte[] roomier = GC.AllocateUninitializedArray<byte>((int)Math.Min(_size, Math.Max(FirstRoom, Math.Max(2L * _coming.Length, length))));
        _coming.AsSpan(0, _received).CopyTo(roomier);
        _coming = roomier;
    }

    private void Complete(EdgeLinkCounters counters)
    {
        _isComing = false;
        BundleHashes hashes = _hasher.Finish();
        if (!hashes.File.SequenceEqual(_hash))
        {
            counters.PoliciesAbandoned++;
            _isKnown = false; // the next announcement starts over
            return;
        }
        Bundle = _coming.AsMemory(0, _received);
        _coming = []; // whoever takes the bundle keeps these bytes
        Hashes = hashes;
        Stamp = _comingStamp;
        HasBundle = true;
        counters.Policies++;
    }
}
