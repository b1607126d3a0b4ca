using Robotics.Core;

namespace Robotics.Transport.Tests;

/// <summary>Loses, repeats, delays, cuts and corrupts frames, by a seeded generator.</summary>
internal sealed class Spoiler
{
    private readonly Queue<byte[]> _late = new();
    private byte[] _current = [];

    public bool TryReceive(SeededRandom? faults, bool received, scoped ref ReadOnlySpan<byte> frame)
    {
        if (faults is null)
        {
            if (!received && _late.TryDequeue(out byte[]? late))
            {
                frame = _current = late;
                return true;
            }
            return received;
        }
        if (!received)
        {
            if (!_late.TryDequeue(out byte[]? late))
                return false;
            frame = _current = late;
            return true;
        }
        byte[] bytes = frame.ToArray();
        switch (faults.NextInt(20))
        {
            case 0: // lost: an empty frame stands for nothing received
                bytes = [];
                break;
            case 1: // repeated
                _late.Enqueue(bytes);
                break;
            case 2: // late: comes after what follows it
                _late.Enqueue(bytes);
                bytes = [];
                break;
            case 3: // cut
                bytes = bytes[..faults.NextInt(bytes.Length)];
                break;
            case 4: // corrupted
                bytes[faults.NextInt(bytes.Length)] ^= (byte)(1 + faults.NextInt(255));
                break;
        }
        frame = _current = bytes;
        return true;
    }
}

internal sealed class SpoiltEdgeChannel(IEdgeChannel inner, LinkRig rig) : IEdgeChannel
{
    private readonly Spoiler _spoiler = new();

    public long Connections => inner.Connections;

    public string Trouble => inner.Trouble;

    public bool TrySend(ReadOnlySpan<byte> frame) => inner.TrySend(frame);

    public bool TryReceive(out ReadOnlySpan<byte> frame)
    {
        bool received = inner.TryReceive(out frame);
        return _spoiler.TryReceive(rig.Faults, received, ref frame);
    }

    public void Wait(int timeoutMs) => inner.Wait(timeoutMs);

    public void Dispose() => inner.Dispose();
}

internal sealed class SpoiltLearnerChannel(ILearnerChannel inner, LinkRig rig) : ILearnerChannel
{
    private readonly Spoiler _spoiler = new();
    private PeerAddress _last;

    public bool TrySend(PeerAddress peer, ReadOnlySpan<byte> frame) => inner.TrySend(peer, frame);

    public bool TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> frame)
    {
        bool received = inner.TryReceive(out peer, out user, out frame);
        if (received)
            _last = peer;
        peer = _last;
        return _spoiler.TryReceive(rig.Faults, received, ref frame);
    }

    public void Wait(int timeoutMs) => inner.Wait(timeoutMs);

    public void Dispose() => inner.Dispose();
}
