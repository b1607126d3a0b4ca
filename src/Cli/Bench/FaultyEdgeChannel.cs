using Robotics.Core;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>A channel that loses, repeats, delays, cuts and corrupts one frame in a hundred in either direction, and now and then drops the connection.</summary>
internal sealed class FaultyEdgeChannel(Func<IEdgeChannel> connect, SeededRandom random) : IEdgeChannel
{
    private const int OneIn = 100;
    private const int CutOneIn = 2000; // frames between two cuts of the connection

    private readonly Queue<byte[]> _late = new();
    private IEdgeChannel _inner = connect();
    private byte[] _current = [];
    private long _before;

    public long Connections => _before + _inner.Connections;

    public string Trouble => _inner.Trouble;

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (random.NextInt(CutOneIn) == 0)
        {
            _before += _inner.Connections;
            _inner.Dispose();
            _inner = connect();
        }
        if (random.NextInt(OneIn) != 0)
            return _inner.TrySend(frame);
        return Spoil(frame, out byte[] spoilt) is 1 ? _inner.TrySend(frame) && _inner.TrySend(frame) : _inner.TrySend(spoilt);
    }

    public bool TryReceive(out ReadOnlySpan<byte> frame)
    {
        bool received = _inner.TryReceive(out frame);
        if (!received && _late.TryDequeue(out byte[]? late))
        {
            frame = _current = late;
            return true;
        }
        if (!received || random.NextInt(OneIn) != 0)
            return received;
        if (Spoil(frame, out byte[] spoilt) <= 1)
            _late.Enqueue(frame.ToArray());
        frame = _current = spoilt;
        return true;
    }

    public void Wait(int timeoutMs) => _inner.Wait(timeoutMs);

    public void Dispose() => _inner.Dispose();

    // 0 lost here (and late where it is received), 1 repeated, 2 cut, 3 corrupted.
    private int Spoil(ReadOnlySpan<byte> frame, out byte[] spoilt)
    {
        int kind = random.NextInt(4);
        spoilt = kind == 0 ? [] : frame.ToArray();
        if (kind == 2)
            spoilt = spoilt[..random.NextInt(spoilt.Length)];
        if (kind == 3)
            spoilt[random.NextInt(spoilt.Length)] ^= (byte)(1 + random.NextInt(255));
        return kind;
    }
}
