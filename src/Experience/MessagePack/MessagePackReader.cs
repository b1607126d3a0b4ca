namespace Robotics.Experience;

/// <summary>Reads MessagePack from outside: a view on the bytes that allocates nothing and never throws.</summary>
/// <remarks>
/// Method names as in MessagePack-CSharp. A value that is not there, or not of the type asked for, sets <see cref="Failed"/> and gives 0 or nothing;
/// from then on everything does. A count is refused where the rest of the bytes could not hold that many values. Skipping needs no stack, however deep the nesting.
/// </remarks>
public ref struct MessagePackReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Begins at the start of <paramref name="bytes"/>.</summary>
    public MessagePackReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int Consumed { get; private set; }

    /// <summary>Something asked for was not there.</summary>
    public bool Failed { get; private set; }

    /// <summary>All bytes are read and nothing was wrong.</summary>
    public readonly bool IsWhole => !Failed && Consumed == _bytes.Length;

    /// <summary>Type of the value that comes next.</summary>
    public readonly MessagePackType NextType => Failed || Consumed >= _bytes.Length ? MessagePackType.None : TypeOf(_bytes[Consumed]);

    /// <summary>Reads a whole number that is not negative.</summary>
    public ulong ReadUInt64()
    {
        ulong value = Integer(out bool isNegative);
        return isNegative ? Fail() : value;
    }

    /// <summary>Reads a whole number.</summary>
    public long ReadInt64()
    {
        ulong value = Integer(out bool isNegative);
        return !isNegative && value > long.MaxValue ? (long)Fail() : (long)value;
    }

    /// <summary>Reads a number of either precision, or a whole one.</summary>
    public double ReadDouble()
    {
        if (NextType == MessagePackType.Integer)
        {
            ulong whole = Integer(out bool isNegative);
            return isNegative ? (long)whole : whole;
        }
        byte type = Head();
        if (type == 0xCA)
            return BitConverter.UInt32BitsToSingle((uint)BigEndian(4));
        return type == 0xCB ? BitConverter.UInt64BitsToDouble(BigEndian(8)) : Fail();
    }

    /// <summary>Reads a truth value.</summary>
    public bool ReadBoolean()
    {
        byte type = Head();
        if (type is not (0xC2 or 0xC3))
            Fail();
        return type == 0xC3;
    }

    /// <summary>Takes a nil, where one is next.</summary>
    public bool TryReadNil()
    {
        if (NextType != MessagePackType.Nil)
            return false;
        Consumed++;
        return true;
    }

    /// <summary>Reads text; its UTF-8 is not checked.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        byte type = Head();
        return type switch
        {
            >= 0xA0 and <= 0xBF => Take(type & 0x1Fu),
            >= 0xD9 and <= 0xDB => Take(BigEndian(1 << (type - 0xD9))),
            _ => Take(Fail()),
        };
    }

    /// <summary>Reads bytes (bin).</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        byte type = Head();
        return type is >= 0xC4 and <= 0xC6 ? Take(BigEndian(1 << (type - 0xC4))) : Take(Fail());
    }

    /// <summary>Reads the number of values of an array, which follow.</summary>
    public int ReadArrayHeader()
    {
        byte type = Head();
        ulong count = type is >= 0x90 and <= 0x9F ? type & 0xFu : type is 0xDC or 0xDD ? BigEndian(2 << (type - 0xDC)) : Fail();
        return Bounded(count, 1);
    }

    /// <summary>Reads the number of pairs of a map, which follow.</summary>
    public int ReadMapHeader()
    {
        byte type = Head();
        ulong count = type is >= 0x80 and <= 0x8F ? type & 0xFu : type is 0xDE or 0xDF ? BigEndian(2 << (type - 0xDE)) : Fail();
        return Bounded(count, 2);
    }

    /// <summary>Steps over one value, with everything in it.</summary>
    public void Skip()
    {
        for (long left = 1; left > 0 && !Failed; left--)
        {
            switch (NextType)
            {
                case MessagePackType.Array:
                    left += ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    left += 2L * ReadMapHeader();
                    break;
                case MessagePackType.String:
                    ReadString();
                    break;
                case MessagePackType.Binary:
                    ReadBytes();
                    break;
                case MessagePackType.Extension:
                    SkipExtension();
                    break;
                case MessagePackType.Nil:
                case MessagePackType.Boolean:
                    Consumed++;
                    break;
                default: // a number; where nothing is left, or the byte is none of the format's, this fails
                    ReadDouble();
                    break;
            }
            // Each value still to come has at least one byte: an absurd sum of counts ends here, not after hours.
            if (left - 1 > _bytes.Length - Consumed)
                Fail();
        }
    }

    private static MessagePackType TypeOf(byte type) => type switch
    {
        < 0x80 or >= 0xE0 or (>= 0xCC and <= 0xD3) => MessagePackType.Integer,
        < 0x90 or 0xDE or 0xDF => MessagePackType.Map,
        < 0xA0 or 0xDC or 0xDD => MessagePackType.Array,
        < 0xC0 or (>= 0xD9 and <= 0xDB) => MessagePackType.String,
        0xC0 => MessagePackType.Nil,
        0xC1 => MessagePackType.None,
        0xC2 or 0xC3 => MessagePackType.Boolean,
        <= 0xC6 => MessagePackType.Binary,
        0xCA or 0xCB => MessagePackType.Float,
        _ => MessagePackType.Extension,
    };

    private void SkipExtension()
    {
        byte type = Head();
        ulong length = type is >= 0xC7 and <= 0xC9 ? BigEndian(1 << (type - 0xC7)) : 1ul << (type - 0xD4);
        Take(1 + length); // the application's type code, then its bytes
    }

    private ulong Integer(out bool isNegative)
    {
        byte type = Head();
        isNegative = type >= 0xE0;
        if (type is < 0x80 or >= 0xE0)
            return (ulong)(sbyte)type;
        if (type is >= 0xCC and <= 0xCF)
            return BigEndian(1 << (type - 0xCC));
        if (type is not (>= 0xD0 and <= 0xD3))
            return Fail();
        int bits = 8 << (type - 0xD0);
        long value = (long)(BigEndian(bits / 8) << (64 - bits)) >> (64 - bits);
        isNegative = value < 0;
        return (ulong)value;
    }

    private byte Head() => Take(1) is [byte type] ? type : (byte)0xC1;

    private ulong BigEndian(int size)
    {
        ulong value = 0;
        foreach (byte b in Take((ulong)size))
            value = (value << 8) | b;
        return value;
    }

    private int Bounded(ulong count, uint bytesEach)
    {
        if (Failed || count > (ulong)(_bytes.Length - Consumed) / bytesEach)
            return (int)Fail();
        return (int)count;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (Failed || length > (ulong)(_bytes.Length - Consumed))
        {
            Fail();
            return default;
        }
        ReadOnlySpan<byte> taken = _bytes.Slice(Consumed, (int)length);
        Consumed += taken.Length;
        return taken;
    }

    private ulong Fail()
    {
        Failed = true;
        return 0;
    }
}
