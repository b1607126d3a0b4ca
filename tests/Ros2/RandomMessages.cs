using Robotics.Core;
using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

/// <summary>Messages of any type with random content, NaN left out so that values can be compared.</summary>
internal static class RandomMessages
{
    public static DynamicMessage Make(InterfaceCatalog catalog, string type, SeededRandom random)
    {
        var message = new DynamicMessage(catalog, type);
        foreach (RosField f in message.Type.Fields)
        {
            if (f.Name != RosMessageType.EmptyMember)
                message[f.Name] = Field(catalog, f, random);
        }
        return message;
    }

    private static object Field(InterfaceCatalog catalog, RosField f, SeededRandom random)
    {
        if (f.Shape == FieldShape.Single)
            return Element(catalog, f, random);
        int most = f.Shape == FieldShape.BoundedSequence ? Math.Min(f.Capacity, 4) : 4;
        int count = f.Shape == FieldShape.Array ? f.Capacity : random.NextInt(most + 1);
        object[] items = [.. Enumerable.Range(0, count).Select(_ => Element(catalog, f, random))];
        Array typed = Array.CreateInstance(count > 0 ? items[0].GetType() : Element(catalog, f, random).GetType(), count);
        items.CopyTo(typed, 0);
        return typed;
    }

    private static object Element(InterfaceCatalog catalog, RosField f, SeededRandom random) =>
        f.Kind switch
        {
            FieldKind.Nested => Make(catalog, f.NestedType, random),
            FieldKind.String or FieldKind.BoundedString => Text(random),
            FieldKind.Bool => random.NextInt(2) == 1,
            FieldKind.Byte or FieldKind.UInt8 => (byte)random.NextInt(256),
            FieldKind.Int8 => (sbyte)(random.NextInt(256) - 128),
            FieldKind.Int16 => (short)(random.NextInt(65536) - 32768),
            FieldKind.UInt16 => (ushort)random.NextInt(65536),
            FieldKind.Int32 => (int)Bits(random),
            FieldKind.UInt32 => (uint)Bits(random),
            FieldKind.Int64 => (long)Bits(random),
            FieldKind.UInt64 => Bits(random),
            FieldKind.Float32 => (float)((random.NextDouble() - 0.5) * 1e6),
            _ => (random.NextDouble() - 0.5) * 1e12,
        };

    private static string Text(SeededRandom random)
    {
        const string letters = "abcXYZ 019_/"; // ASCII: the npm writer counts UTF-16 units; the DDS peers take the rest
        return string.Concat(Enumerable.Range(0, random.NextInt(12)).Select(_ => letters[random.NextInt(letters.Length)]));
    }

    private static ulong Bits(SeededRandom random) => ((ulong)random.NextInt(int.MaxValue) << 33) ^ ((ulong)random.NextInt(int.MaxValue) << 9) ^ (ulong)random.NextInt(512);
}
