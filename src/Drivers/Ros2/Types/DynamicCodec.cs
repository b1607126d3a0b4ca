namespace Robotics.Drivers.Ros2;

/// <summary>Reads and writes one field of a <see cref="DynamicMessage"/>.</summary>
internal static class DynamicCodec
{
    public static object Zero(InterfaceCatalog catalog, RosField f) =>
        f.Shape switch
        {
            FieldShape.Single => ZeroElement(catalog, f),
            FieldShape.Array => Fill(NewArray(f, f.Capacity), () => ZeroElement(catalog, f)),
            _ => NewArray(f, 0),
        };

    public static void Write(CdrWriter w, RosField f, object value)
    {
        if (f.Shape == FieldShape.Single)
        {
            WriteElement(w, f, value);
            return;
        }
        var items = (Array)value;
        if (f.Shape != FieldShape.Array)
            w.WriteCount(items.Length, f.SequenceBound);
        foreach (object item in items)
            WriteElement(w, f, item);
    }

    public static object Read(ref CdrReader r, InterfaceCatalog catalog, RosField f)
    {
        if (f.Shape == FieldShape.Single)
            return ReadElement(ref r, catalog, f);
        int least = f.Kind == FieldKind.Nested ? catalog.LeastBytes(f.NestedType) : Math.Max(f.ElementBytes, f.IsString ? sizeof(uint) : 1);
        int count = f.Shape == FieldShape.Array ? f.Capacity : r.ReadCount(least, f.SequenceBound);
        if (count > r.Remaining / Math.Max(1, least))
        {
            r.Fail();
            return Zero(catalog, f);
        }
        Array items = NewArray(f, count);
        for (int i = 0; i < count; i++)
            items.SetValue(r.Ok ? ReadElement(ref r, catalog, f) : ZeroElement(catalog, f), i);
        return items;
    }

    private static void WriteElement(CdrWriter w, RosField f, object value)
    {
        switch (value)
        {
            case DynamicMessage m: m.Write(w); break;
            case string s: w.WriteString(s, f.StringBound); break;
            case bool b: w.WriteBool(b); break;
            case byte b: w.WriteUInt8(b); break;
            case sbyte b: w.WriteInt8(b); break;
            case short v: w.WriteInt16(v); break;
            case ushort v: w.WriteUInt16(v); break;
            case int v: w.WriteInt32(v); break;
            case uint v: w.WriteUInt32(v); break;
            case long v: w.WriteInt64(v); break;
            case ulong v: w.WriteUInt64(v); break;
            case float v: w.WriteFloat32(v); break;
            case double v: w.WriteFloat64(v); break;
            default: throw new InvalidCastException($"{f.Name}: {value.GetType().Name} has no CDR form");
        }
    }

    private static object ReadElement(ref CdrReader r, InterfaceCatalog catalog, RosField f)
    {
        switch (f.Kind)
        {
            case FieldKind.Nested:
                var nested = new DynamicMessage(catalog, f.NestedType);
                nested.TryRead(ref r);
                return nested;
            case FieldKind.String or FieldKind.BoundedString:
                string text = "";
                r.ReadString(ref text, f.StringBound);
                return text;
            case FieldKind.Bool: return r.ReadBool();
            case FieldKind.Byte or FieldKind.UInt8: return r.ReadUInt8();
            case FieldKind.Int8: return r.ReadInt8();
            case FieldKind.Int16: return r.ReadInt16();
            case FieldKind.UInt16: return r.ReadUInt16();
            case FieldKind.Int32: return r.ReadInt32();
            case FieldKind.UInt32: return r.ReadUInt32();
            case FieldKind.Int64: return r.ReadInt64();
            case FieldKind.UInt64: return r.ReadUInt64();
            case FieldKind.Float32: return r.ReadFloat32();
            case FieldKind.Float64: return r.ReadFloat64();
            default: throw Wide(f);
        }
    }

    private static object ZeroElement(InterfaceCatalog catalog, RosField f) =>
        f.Kind switch
        {
            FieldKind.Nested => new DynamicMessage(catalog, f.NestedType),
            FieldKind.String or FieldKind.BoundedString => "",
            FieldKind.Bool => false,
            FieldKind.Byte or FieldKind.UInt8 => (byte)0,
            FieldKind.Int8 => (sbyte)0,
            FieldKind.Int16 => (short)0,
            FieldKind.UInt16 => (ushort)0,
            FieldKind.Int32 => 0,
            FieldKind.UInt32 => 0u,
            FieldKind.Int64 => 0L,
            FieldKind.UInt64 => 0ul,
            FieldKind.Float32 => 0f,
            FieldKind.Float64 => 0d,
            _ => throw Wide(f),
        };

    private static Array NewArray(RosField f, int count) =>
        f.Kind switch
        {
            FieldKind.Nested => new DynamicMessage[count],
            FieldKind.String or FieldKind.BoundedString => new string[count],
            FieldKind.Bool => new bool[count],
            FieldKind.Byte or FieldKind.UInt8 => new byte[count],
            FieldKind.Int8 => new sbyte[count],
            FieldKind.Int16 => new short[count],
            FieldKind.UInt16 => new ushort[count],
            FieldKind.Int32 => new int[count],
            FieldKind.UInt32 => new uint[count],
            FieldKind.Int64 => new long[count],
            FieldKind.UInt64 => new ulong[count],
            FieldKind.Float32 => new float[count],
            FieldKind.Float64 => new double[count],
            _ => throw Wide(f),
        };

    private static Array Fill(Array items, Func<object> element)
    {
        for (int i = 0; i < items.Length; i++)
            items.SetValue(element(), i);
        return items;
    }

    private static NotSupportedException Wide(RosField f) => new($"{f.Name}: wide texts have no common encoding between DDS vendors");
}
