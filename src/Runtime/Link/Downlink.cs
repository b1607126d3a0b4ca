using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Runtime;

/// <summary>Fetches the newest announced policy in pieces and proves it whole. Latest wins: an older download is given up.</summary>
/// <remarks>One thread. Memory grows with the bytes that arrive, never with the size that was announced. A few pieces are asked for ahead,
/// and each is hashed while the next is on its way.</remarks>
internal sealed class Downlink : IDisposable
{
    private const long RetryNs = 1_000_000_000; // a lost request or piece is asked for again after this
    private const int Window = 4 * LinkLimits.PolicyChunkBytes; // asked ahead: enough to keep a network of 1 Gbit/s and 8 ms busy

    private readonly byte[] _hash = new byte[PolicyAnnounceMessage.HashLength];
    private readonly BundleHasher _hasher = new();
    private byte[] _coming = [];
    private byte[] _whole = [];
    private int _wholeLength;
    private uint _size;
    private int _received;
    private long _asked;
    private bool _isComing;
    private bool _isKnown;
    private long _progressNs = long.MinValue;
    private PolicyStamp _comingStamp;

    /// <summary>The newest announced policy.</summary>
    public PolicyStamp Announced => _comingStamp;

    /// <summary>Which policy the whole bundle is.</summary>
    public PolicyStamp Stamp { get; private set; }

    /// <summary>Hashes of the whole bundle; null before the first.</summary>
    public BundleHashes? Hashes { get; private set; }

    /// <summary>A bundle came whole and was not taken yet.</summary>
    public bool HasBundle { get; private set; }

    /// <summary>The whole bundle, valid until the next one is whole.</summary>
    public ReadOnlySpan<byte> Bundle => _whole.AsSpan(0, _wholeLength);

    /// <summary>Marks the whole bundle as taken.</summary>
    public void Take() => HasBundle = false;

    /// <summary>Begins a download where the announced policy is not the one at hand or coming.</summary>
    public void Announce(in PolicyAnnounceMessage message, EdgeLinkCounters counters)
    {
        if (_isKnown && message.Hash.SequenceEqual(_hash))
            return;
        if (_isComing)
            counters.PoliciesAbandoned++;
        message.Hash.CopyTo(_hash);
        _size = message.Size;
        _comingStamp = message.Stamp;
        _received = 0;
        _hasher.Reset();
        _isComing = true;
        _isKnown = true;
        Restart();
    }

    /// <summary>Asks for the pieces that are due.</summary>
    public void Request(IEdgeChannel channel, uint session, Span<byte> buffer, long nowNs)
    {
        if (!_isComing)
            return;
        if (_progressNs == long.MinValue || nowNs - _progressNs >= RetryNs)
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
        if (_coming.Length < _received + message.Bytes.Length)
            Array.Resize(ref _coming, (int)Math.Min(_size, Math.Max(2L * _coming.Length, _received + message.Bytes.Length)));
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
        (_whole, _coming) = (_coming, _whole);
        _wholeLength = _received;
        Hashes = hashes;
        Stamp = _comingStamp;
        HasBundle = true;
        counters.Policies++;
    }
}
