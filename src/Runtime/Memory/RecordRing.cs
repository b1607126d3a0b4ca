using System.Buffers.Binary;
using System.Numerics;

namespace Robotics.Runtime.Memory;

/// <summary>A ring of byte frames from one writer (control) to one reader (agent) that outlives either side.</summary>
/// <remarks>
/// <para>Layout: docs/formats/shared-memory.md. The writer never waits: where the ring is full a frame is dropped and counted, and the
/// count refuses the next arming. A frame becomes visible by one release store of <c>head</c>, so a writer killed in the middle leaves
/// nothing half-written; a reader killed before <see cref="Release"/> reads the same frame again.</para>
/// <para>The reader treats the memory as hostile: a length beyond what was written makes it give up everything up to <c>head</c> and count.</para>
/// </remarks>
public sealed unsafe class RecordRing
{
    /// <summary>Bytes before the data: three cache-line pairs (constants, writer's, reader's).</summary>
    public const int HeaderBytes = 384;

    private const int MaxCapacityBytes = 1 << 30; // of locked memory; more is a matter for the disk

    private const ulong Magic = 0x3130474E49524252; // "RBRING01" little endian
    private const uint SkipToStart = 0xFFFF_FFFF;
    private const int HeadAt = 128;
    private const int TailAt = 256;
    private const int FrameHeaderBytes = 8; // length u32, reserved u32: payloads stay 8-aligned

    private readonly byte* _base;
    private readonly byte* _data;
    private readonly ulong _capacity;
    private readonly ulong _mask;
    private ulong _reservedAt;
    private ulong _cursor;

    private RecordRing(byte* memory, ulong capacity)
    {
        _base = memory;
        _data = memory + HeaderBytes;
        _capacity = capacity;
        _mask = capacity - 1;
        _cursor = Tail;
    }

    /// <summary>Capacity, a power of two, that holds <paramref name="seconds"/> of frames of <paramref name="length"/> bytes, <paramref name="perSecond"/> of them, and at
    /// least four of <paramref name="maxLength"/>, because none may be longer than half the ring; at least 4096 bytes, at most 1 GiB.</summary>
    public static int CapacityFor(int length, int maxLength, double perSecond, double seconds)
    {
        double wanted = Math.Max(seconds * perSecond * FrameBytes(length), 4.0 * FrameBytes(maxLength));
        return (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(wanted, 4096, MaxCapacityBytes));
    }

    /// <summary>Seconds of frames of <paramref name="length"/> bytes, <paramref name="perSecond"/> of them, that a ring of <paramref name="capacityBytes"/> holds.</summary>
    public static double SecondsIn(int capacityBytes, int length, double perSecond) => capacityBytes / (FrameBytes(length) * perSecond);

    /// <summary>Bytes of memory for a ring of <paramref name="capacityBytes"/> (a power of two).</summary>
    public static long SizeFor(int capacityBytes) => HeaderBytes + (long)capacityBytes;

    /// <summary>Attaches to the ring in <paramref name="region"/> at <paramref name="offset"/>, initialising it where the memory is fresh.</summary>
    /// <exception cref="InvalidDataException">The memory holds something else.</exception>
    public static RecordRing Attach(SharedRegion region, long offset, int capacityBytes)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (!BitOperations.IsPow2(capacityBytes) || capacityBytes < 4096)
            throw new ArgumentException($"ring capacity {capacityBytes} is not a power of two of at least 4096", nameof(capacityBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + SizeFor(capacityBytes), region.Length);
        byte* memory = region.Pointer + offset;
        ref ulong magic = ref *(ulong*)memory;
        if (magic == 0)
        {
            *(ulong*)(memory + 8) = (ulong)capacityBytes;
            Volatile.Write(ref magic, Magic);
        }
        if (magic != Magic || *(ulong*)(memory + 8) != (ulong)capacityBytes)
            throw new InvalidDataException("shared memory holds no record ring of this version and size; delete it and restart both processes");
        return new RecordRing(memory, (ulong)capacityBytes);
    }

    /// <summary>Bytes written and not released in the ring that <paramref name="file"/> holds, whatever its size; 0 where it holds none.</summary>
    internal static long PendingIn(FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file.SafeFileHandle, header, 0) < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
            return 0;
        return BinaryPrimitives.ReadInt64LittleEndian(header[HeadAt..]) - BinaryPrimitives.ReadInt64LittleEndian(header[TailAt..]);
    }

    private ref ulong Head => ref *(ulong*)(_base + HeadAt);
    private ref ulong DroppedCount => ref *(ulong*)(_base + 136);
    private ref ulong Tail => ref *(ulong*)(_base + TailAt);
    private ref ulong CorruptCount => ref *(ulong*)(_base + 264);

    /// <summary>Frames that found no room. Any thread.</summary>
    public long Dropped => (long)Volatile.Read(ref DroppedCount);

    /// <summary>Times the reader found the memory damaged and skipped to the writer's position. Any thread.</summary>
    public long Corrupt => (long)Volatile.Read(ref CorruptCount);

    /// <summary>Bytes written and not yet released by the reader. Any thread.</summary>
    public long PendingBytes => (long)(Volatile.Read(ref Head) - Volatile.Read(ref Tail));

    /// <summary>Writer: room for a frame of up to <paramref name="maxLength"/> bytes, or false (counted) where the ring is full.</summary>
    public bool TryReserve(int maxLength, out Span<byte> frame)
    {
        ulong need = FrameBytes(maxLength);
        ulong head = Head;
        ulong free = _capacity - (head - Volatile.Read(ref Tail)); // pairs with Volatile.Write in Release
        ulong untilEnd = _capacity - (head & _mask);
        ulong skip = need > untilEnd ? untilEnd : 0;
        if (need + skip > free || need > _capacity / 2)
        {
            Volatile.Write(ref DroppedCount, DroppedCount + 1);
            frame = default;
            return false;
        }
        if (skip != 0)
            *(uint*)(_data + (head & _mask)) = SkipToStart;
        _reservedAt = head + skip;
        frame = new Span<byte>(_data + (_reservedAt & _mask) + FrameHeaderBytes, maxLength);
        return true;
    }

    /// <summary>Writer: makes the first <paramref name="length"/> bytes of the reserved frame visible.</summary>
    public void Commit(int length)
    {
        *(uint*)(_data + (_reservedAt & _mask)) = (uint)length;
        Volatile.Write(ref Head, _reservedAt + FrameBytes(length)); // pairs with Volatile.Read in TryRead
    }

    /// <summary>Reader: the next frame, valid until <see cref="Release"/>; false where there is none.</summary>
    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        ulong head = Volatile.Read(ref Head); // pairs with Volatile.Write in Commit
        while (_cursor != head)
        {
            ulong available = head - _cursor;
            ulong untilEnd = _capacity - (_cursor & _mask);
            if (available > _capacity || (_cursor & 7) != 0)
                return GiveUp(head);
            uint length = *(uint*)(_data + (_cursor & _mask));
            if (length == SkipToStart && untilEnd < available)
            {
                _cursor += untilEnd;
                continue;
            }
            if (length > int.MaxValue - 16 || FrameBytes((int)length) > Math.Min(available, untilEnd))
                return GiveUp(head);
            frame = new ReadOnlySpan<byte>(_data + (_cursor & _mask) + FrameHeaderBytes, (int)length);
            _cursor += FrameBytes((int)length);
            return true;
        }
        return false;
    }

    /// <summary>Reader: frees every frame that was read. Call it only once they are safe elsewhere: a reader that dies before reads them again.</summary>
    public void Release() => Volatile.Write(ref Tail, _cursor); // pairs with Volatile.Read in TryReserve

    private bool GiveUp(ulong head)
    {
        Volatile.Write(ref CorruptCount, CorruptCount + 1);
        _cursor = head;
        Volatile.Write(ref Tail, head);
        return false;
    }

    private static ulong FrameBytes(int length) => ((ulong)(uint)length + FrameHeaderBytes + 7) & ~7UL;
}
