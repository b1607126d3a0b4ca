using System.Globalization;
using System.Runtime.CompilerServices;

namespace Robotics.Drivers.Ros2;

/// <summary>A message laid out once, in which only numbers and the stamp change: publishing patches bytes and allocates nothing.</summary>
/// <remarks>Everything else is a constant of the configuration, so the offsets hold. One thread.</remarks>
public sealed class CommandTemplate
{
    private readonly InterfaceCatalog _catalog;
    private readonly CdrWriter _writer = new();
    private readonly Dictionary<string, (FieldKind Kind, int Offset)> _offsets = new(StringComparer.Ordinal);
    private readonly (FieldKind Kind, int Offset)[] _slots;
    private readonly byte[] _bytes;
    private readonly int _stampOffset = -1;

    /// <summary>Lays out a message of <paramref name="type"/>.</summary>
    /// <param name="catalog">Where types are found.</param>
    /// <param name="type">Full name of the message.</param>
    /// <param name="paths">One path per number; sequences get as many elements as the paths need.</param>
    /// <param name="constants">Path and text of what stays; <c>names[0]</c> sets an element.</param>
    /// <param name="stampPath">Path of the time to stamp; null for none.</param>
    /// <exception cref="FormatException">A path leads nowhere, or a constant does not fit its field.</exception>
    public CommandTemplate(
        InterfaceCatalog catalog, string type, IReadOnlyList<string> paths, IReadOnlyDictionary<string, string> constants, string? stampPath)
    {
        _catalog = catalog ?? throw new ArgumentNullException(nameof(catalog));
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(constants);
        string[] wanted = [.. paths, .. constants.Keys, .. stampPath is null ? [] : new[] { stampPath + ".sec", stampPath + ".nanosec" }];
        LayOut(catalog.Get(type), "", wanted, constants);
        _slots = [.. paths.Select(p => OffsetOf(type, p))];
        foreach (string constant in constants.Keys)
            OffsetOf(type, constant);
        if (stampPath is not null)
            _stampOffset = OffsetOf(type, stampPath + ".sec").Offset;
        _bytes = _writer.Written.ToArray();
    }

    /// <summary>The message with its encapsulation header.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Sets number <paramref name="index"/> of the paths; whole-number fields are rounded and kept in their range.</summary>
    public void Set(int index, double value)
    {
        (FieldKind kind, int at) = _slots[index];
        switch (kind)
        {
            case FieldKind.Float64: Put(at, value); break;
            case FieldKind.Float32: Put(at, (float)value); break;
            case FieldKind.Bool: Put(at, value != 0 ? (byte)1 : (byte)0); break;
            case FieldKind.Int8: Put(at, Whole<sbyte>(value)); break;
            case FieldKind.UInt8 or FieldKind.Byte: Put(at, Whole<byte>(value)); break;
            case FieldKind.Int16: Put(at, Whole<short>(value)); break;
            case FieldKind.UInt16: Put(at, Whole<ushort>(value)); break;
            case FieldKind.Int32: Put(at, Whole<int>(value)); break;
            case FieldKind.UInt32: Put(at, Whole<uint>(value)); break;
            case FieldKind.Int64: Put(at, Whole<long>(value)); break;
            default: Put(at, Whole<ulong>(value)); break;
        }
    }

    /// <summary>Sets the stamp, ns since 1970 (or of simulated time).</summary>
    public void SetStamp(long ns)
    {
        if (_stampOffset < 0)
            return;
        long seconds = Math.DivRem(Math.Max(0, ns), 1_000_000_000L, out long rest);
        Put(_stampOffset, (int)seconds);
        Put(_stampOffset + 4, (uint)rest);
    }

    private void Put<T>(int at, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref _bytes[at], value);

    private static T Whole<T>(double value)
        where T : System.Numerics.INumber<T> => T.CreateSaturating(Math.Round(value));

    private (FieldKind Kind, int Offset) OffsetOf(string type, string path) =>
        _offsets.TryGetValue(path, out (FieldKind Kind, int Offset) o)
            ? o
            : throw new FormatException($"{type} has no '{path}' that takes a value; it has {string.Join(", ", _offsets.Keys.Take(40))}");

    private void LayOut(RosMessageType type, string prefix, string[] wanted, IReadOnlyDictionary<string, string> constants)
    {
        foreach (RosField f in type.Fields)
        {
            string path = prefix + f.Name;
            if (f.Shape == FieldShape.Single)
            {
                LayOutElement(f, path, wanted, constants);
                continue;
            }
            int count = f.Shape == FieldShape.Array ? f.Capacity : CountOf(path, wanted);
            if (f.Shape == FieldShape.BoundedSequence && count > f.Capacity)
                throw new FormatException($"{type.Name}.{f.Name} holds at most {f.Capacity} elements, {count} are needed");
            if (f.Shape != FieldShape.Array)
                _writer.WriteCount(count);
            for (int i = 0; i < count; i++)
                LayOutElement(f, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), wanted, constants);
        }
    }

    private void LayOutElement(RosField f, string path, string[] wanted, IReadOnlyDictionary<string, string> constants)
    {
        if (f.Kind == FieldKind.Nested)
        {
            LayOut(_catalog.Get(f.NestedType), path + ".", wanted, constants);
            return;
        }
        string? constant = constants.GetValueOrDefault(path) ?? (f.Shape == FieldShape.Single ? f.Default?.Trim('"', '\'') : null);
        if (f.IsString)
            _writer.WriteString(constant, f.StringBound);
        else
            WriteNumber(f.Kind, path, constant ?? "0");
        _offsets[path] = (f.Kind, _writer.Written.Length - f.ElementBytes);
    }

    private void WriteNumber(FieldKind kind, string path, string text)
    {
        double value = text switch
        {
            "true" or "True" => 1,
            "false" or "False" => 0,
            _ when double.TryParse(text, CultureInfo.InvariantCulture, out double v) => v,
            _ => throw new FormatException($"{path}: '{text}' is not a number"),
        };
        switch (kind)
        {
            case FieldKind.Float64: _writer.WriteFloat64(value); break;
            case FieldKind.Float32: _writer.WriteFloat32((float)value); break;
            case FieldKind.Bool: _writer.WriteBool(value != 0); break;
            case FieldKind.Int8: _writer.WriteInt8(Whole<sbyte>(value)); break;
            case FieldKind.UInt8 or FieldKind.Byte: _writer.WriteUInt8(Whole<byte>(value)); break;
            case FieldKind.Int16: _writer.WriteInt16(Whole<short>(value)); break;
            case FieldKind.UInt16: _writer.WriteUInt16(Whole<ushort>(value)); break;
            case FieldKind.Int32: _writer.WriteInt32(Whole<int>(value)); break;
            case FieldKind.UInt32: _writer.WriteUInt32(Whole<uint>(value)); break;
            case FieldKind.Int64: _writer.WriteInt64(Whole<long>(value)); break;
            case FieldKind.UInt64: _writer.WriteUInt64(Whole<ulong>(value)); break;
            default: throw new FormatException($"{path}: wide texts have no common encoding between DDS vendors");
        }
    }

    private static int CountOf(string path, string[] wanted)
    {
        int count = 0;
        foreach (string w in wanted)
        {
            if (!w.StartsWith(path + "[", StringComparison.Ordinal))
                continue;
            int close = w.IndexOf(']', path.Length);
            if (close > 0 && int.TryParse(w.AsSpan(path.Length + 1, close - path.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < 4096)
                count = Math.Max(count, index + 1);
        }
        return count;
    }
}
