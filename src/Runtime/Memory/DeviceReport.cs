using System.Buffers.Binary;
using System.Text;

namespace Robotics.Runtime.Memory;

/// <summary>What the robot's device says of itself, in words, for people. Layout: docs/formats/shared-memory.md.</summary>
/// <param name="Boot">Start of the control process that tells it.</param>
/// <param name="TimeNs">When it was told, monotonic ns.</param>
/// <param name="Text">Diagnosis: what was found, what was declared, what to do.</param>
public readonly record struct DeviceReport(ulong Boot, long TimeNs, string Text)
{
    /// <summary>Bytes of the longest message; a longer text is cut.</summary>
    public const int MaxLength = 1024;

    private const int HeaderLength = 16;

    /// <summary>Puts it into <paramref name="mailbox"/>.</summary>
    public void PutInto(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        Span<byte> message = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt64LittleEndian(message, Boot);
        BinaryPrimitives.WriteInt64LittleEndian(message[8..], TimeNs);
        Encoder encoder = Encoding.UTF8.GetEncoder();
        encoder.Convert(Text, message[HeaderLength..], flush: true, out _, out int length, out _); // whole characters only
        mailbox.TryPut(message[..(HeaderLength + length)]);
    }

    /// <summary>Takes a new report out of <paramref name="mailbox"/>; false where there is none. Whatever the bytes say, the text has no control characters.</summary>
    public static bool TryTakeFrom(Mailbox mailbox, out DeviceReport report)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        report = default;
        Span<byte> message = stackalloc byte[MaxLength];
        int length = mailbox.TryTake(message);
        if (length < HeaderLength)
            return false;
        char[] text = Encoding.UTF8.GetString(message[HeaderLength..length]).ToCharArray();
        for (int i = 0; i < text.Length; i++)
            text[i] = char.IsControl(text[i]) ? ' ' : text[i]; // an autopilot's own words are in it
        report = new DeviceReport(BinaryPrimitives.ReadUInt64LittleEndian(message), BinaryPrimitives.ReadInt64LittleEndian(message[8..]), new string(text));
        return true;
    }
}
