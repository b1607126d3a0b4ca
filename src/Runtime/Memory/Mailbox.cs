using Robotics.Core;

namespace Robotics.Runtime.Memory;

/// <summary>A place for the newest message from one writer to one reader: newest wins, nobody waits, torn reads are impossible.</summary>
/// <remarks>
/// Layout: docs/formats/shared-memory.md. Two slots in turn; each slot is a sequence lock with a CRC-32C of its content, so that a
/// reader that was overtaken twice, or a writer that died or went mad in the middle, is seen as "nothing new".
/// </remarks>
public sealed unsafe class Mailbox
{
    private const ulong Magic = 0x313058424C4D4252; // "RBMLBX01" little endian
    private const int HeaderBytes = 64;
    private const int SlotHeaderBytes = 64;

    private readonly byte* _base;
    private readonly int _capacity;
    private ulong _seen;
    private ulong _looked;

    private Mailbox(byte* memory, int capacity)
    {
        _base = memory;
        _capacity = capacity;
    }

    /// <summary>Writes a message of <paramref name="place"/>'s length from <paramref name="source"/> and gives the CRC-32C of what it was to write.</summary>
    public delegate uint Write<in TSource>(Span<byte> place, TSource source)
        where TSource : allows ref struct;

    /// <summary>Bytes of memory for messages of up to <paramref name="capacityBytes"/>.</summary>
    public static long SizeFor(int capacityBytes) => HeaderBytes + (2L * SlotBytes(capacityBytes));

    /// <summary>Attaches to the mailbox in <paramref name="region"/> at <paramref name="offset"/>, initialising fresh memory.</summary>
    /// <exception cref="InvalidDataException">The memory holds something else.</exception>
    public static Mailbox Attach(SharedRegion region, long offset, int capacityBytes)
    {
        ArgumentNullException.ThrowIfNull(region);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + SizeFor(capacityBytes), region.Length);
        byte* memory = region.Pointer + offset;
        ref ulong magic = ref *(ulong*)memory;
        if (magic == 0)
        {
            *(int*)(memory + 8) = capacityBytes;
            Volatile.Write(ref magic, Magic);
        }
        if (magic != Magic || *(int*)(memory + 8) != capacityBytes)
            throw new InvalidDataException("shared memory holds no mailbox of this version and size; delete it and restart both processes");
        return new Mailbox(memory, capacityBytes);
    }

    private ref ulong Published => ref *(ulong*)(_base + 16);

    /// <summary>Number of messages ever put. Any thread.</summary>
    public long Count => (long)Volatile.Read(ref Published);

    /// <summary>Writer: puts <paramref name="message"/>, replacing what the reader has not taken.</summary>
    /// <returns>False where it is larger than the mailbox.</returns>
    public bool TryPut(ReadOnlySpan<byte> message) => TryPut(message.Length, message, static (place, from) =>
    {
        from.CopyTo(place);
        return Crc32C.Compute(from);
    });

    /// <summary>Writer: as above, a message of <paramref name="length"/> bytes that <paramref name="write"/> writes where it is to lie, from <paramref name="source"/>.</summary>
    /// <param name="write">Gives the CRC-32C of what it was to write, taken from its source: what lies in memory that others can write too may be torn already.</param>
    /// <returns>False where it is larger than the mailbox; nothing is written then.</returns>
    public bool TryPut<TSource>(int length, TSource source, Write<TSource> write)
        where TSource : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(write);
        if (length > _capacity)
            return false;
        ulong next = Published + 1;
        byte* slot = Slot(next);
        ref ulong slotSequence = ref *(ulong*)slot;
        Volatile.Write(ref slotSequence, 0); // 0: being written
        Thread.MemoryBarrier();
        var place = new Span<byte>(slot + SlotHeaderBytes, length);
        uint checksum = write(place, source);
        *(int*)(slot + 8) = length;
        *(uint*)(slot + 12) = checksum;
        Volatile.Write(ref slotSequence, next); // pairs with the reads in TryTake
        Volatile.Write(ref Published, next);
        return true;
    }

    /// <summary>Reader: copies the newest message that was not taken yet into <paramref name="destination"/>.</summary>
    /// <returns>Its length, or -1 where there is nothing new (or what is there is damaged or too long).</returns>
    public int TryTake(Span<byte> destination)
    {
        ulong published = Volatile.Read(ref Published);
        _looked = published;
        if (published == _seen || published == 0)
            return -1;
        byte* slot = Slot(published);
        ref ulong slotSequence = ref *(ulong*)slot;
        if (Volatile.Read(ref slotSequence) != published)
            return -1;
        int length = *(int*)(slot + 8);
        uint checksum = *(uint*)(slot + 12);
        if (length < 0 || length > _capacity || length > destination.Length)
            return -1;
        new ReadOnlySpan<byte>(slot + SlotHeaderBytes, length).CopyTo(destination);
        Thread.MemoryBarrier();
        if (Volatile.Read(ref slotSequence) != published || Crc32C.Compute(destination[..length]) != checksum)
            return -1; // overtaken: the next call sees the newer one
        _seen = published;
        return length;
    }

    /// <summary>Reader: leaves all that was put until now untaken.</summary>
    public void Skip() => _seen = Volatile.Read(ref Published);

    /// <summary>Writer: wakes a reader in <see cref="Wait"/>. A system call: not on the control tick.</summary>
    public void Ring() => SharedBell.Wake((uint*)(_base + 16));

    /// <summary>Reader: sleeps until something was put since its last <see cref="TryTake"/>, at most about <paramref name="timeoutMs"/>; may return early.</summary>
    public void Wait(int timeoutMs)
    {
        // The low half of the count of messages, little endian. What was put since the last look ends the sleep before it begins.
        SharedBell.Wait((uint*)(_base + 16), (uint)_looked, timeoutMs);
    }

    private byte* Slot(ulong sequence) => _base + HeaderBytes + ((long)(sequence & 1) * SlotBytes(_capacity));

    private static int SlotBytes(int capacity) => SlotHeaderBytes + ((capacity + 63) & ~63);
}
