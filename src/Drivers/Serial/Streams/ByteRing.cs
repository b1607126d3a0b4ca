namespace Robotics.Drivers.Serial;

/// <summary>A bounded first-in, first-out queue of bytes. One thread.</summary>
internal sealed class ByteRing(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _head;

    public int Count { get; private set; }

    public int Free => _bytes.Length - Count;

    public bool Closed { get; set; }

    public int Add(ReadOnlySpan<byte> bytes)
    {
        int n = Math.Min(bytes.Length, Free);
        int tail = (_head + Count) % _bytes.Length;
        int first = Math.Min(n, _bytes.Length - tail);
        bytes[..first].CopyTo(_bytes.AsSpan(tail));
        bytes[first..n].CopyTo(_bytes);
        Count += n;
        return n;
    }

    public int Take(Span<byte> buffer)
    {
        int n = Peek(buffer);
        Drop(n);
        return n;
    }

    public int Peek(Span<byte> buffer)
    {
        int n = Math.Min(buffer.Length, Count);
        int first = Math.Min(n, _bytes.Length - _head);
        _bytes.AsSpan(_head, first).CopyTo(buffer);
        _bytes.AsSpan(0, n - first).CopyTo(buffer[first..]);
        return n;
    }

    public void Drop(int count)
    {
        _head = (_head + count) % _bytes.Length;
        Count -= count;
    }
}
