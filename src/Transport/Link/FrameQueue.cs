namespace Robotics.Transport;

/// <summary>A bounded queue of frames that reuses its buffers: allocates only while they grow to their working size. One thread.</summary>
internal sealed class FrameQueue(int capacity)
{
    private readonly byte[][] _frames = [.. Enumerable.Repeat(Array.Empty<byte>(), capacity + 1)];
    private readonly int[] _lengths = new int[capacity + 1];
    private int _head, _tail;

    public bool TryPut(ReadOnlySpan<byte> frame)
    {
        int next = (_head + 1) % _frames.Length;
        if (next == _tail)
            return false;
        if (_frames[_head].Length < frame.Length)
            _frames[_head] = new byte[Math.Max(frame.Length, 2 * _frames[_head].Length)];
        frame.CopyTo(_frames[_head]);
        _lengths[_head] = frame.Length;
        _head = next;
        return true;
    }

    // The frame stays valid until the next take: one slot is always left free, so that a put cannot reach it.
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_tail == _head)
            return false;
        frame = _frames[_tail].AsSpan(0, _lengths[_tail]);
        _tail = (_tail + 1) % _frames.Length;
        return true;
    }
}
