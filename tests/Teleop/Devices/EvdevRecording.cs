using System.Buffers.Binary;

namespace Robotics.Teleop.Tests.Devices;

/// <summary>Bytes as the kernel writes them: struct input_event of 64-bit Linux.</summary>
internal static class EvdevRecording
{
    public const ushort Sync = 0, Key = 1, Absolute = 3;

    public static byte[] Event(ushort type, ushort code, int value)
    {
        var bytes = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, 1_700_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), 123_456);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), code);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), value);
        return bytes;
    }

    public static byte[] Report() => Event(Sync, 0, 0);

    public static byte[] Dropped() => Event(Sync, 3, 0);

    public static byte[] Join(params byte[][] events) => [.. events.SelectMany(e => e)];
}
