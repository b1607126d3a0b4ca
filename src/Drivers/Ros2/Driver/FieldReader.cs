using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>Picks chosen numbers out of messages of any type, shipped or known only at run time, without making the message.</summary>
/// <remarks>Made once from the type's text; reading is bounds-checked, allocates nothing and is for one thread.</remarks>
public sealed class FieldReader
{
    private readonly FieldStep[] _steps;
    private readonly double[] _values;
    private readonly int[] _foundNames;
    private readonly byte[]? _frame;
    private bool _frameMatches;
    private int _stored;

    /// <summary>A reader of <paramref name="paths"/> of messages of <paramref name="type"/>.</summary>
    /// <param name="catalog">Where types are found.</param>
    /// <param name="type">Full name of the message.</param>
    /// <param name="paths">One path per number: <c>pose.position.x</c>, <c>axes[2]</c>, <c>position[name=shoulder]</c>.</param>
    /// <param name="frame">What <c>header.frame_id</c> must be; null for any.</param>
    /// <exception cref="FormatException">A path leads nowhere.</exception>
    public FieldReader(InterfaceCatalog catalog, string type, IReadOnlyList<string> paths, string? frame = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        RosMessageType message = catalog.Get(type);
        HasStamp = message.Fields.Any(f => f.Name == "header" && f.NestedType == "std_msgs/msg/Header");
        if (frame is not null && !HasStamp)
            throw new FormatException($"{type} has no header, so its frame cannot be checked");
        List<FieldCompiler.Wanted> wanted = [.. paths.Select((p, i) => new FieldCompiler.Wanted(FieldPath.Parse(p), 0, i))];
        if (HasStamp)
            wanted.Add(new FieldCompiler.Wanted(FieldPath.Parse("header.stamp"), 0, FieldCompiler.StampSlot));
        if (frame is not null)
            wanted.Add(new FieldCompiler.Wanted(FieldPath.Parse("header.frame_id"), 0, FieldCompiler.FrameSlot));
        var compiler = new FieldCompiler(catalog);
        _steps = compiler.Compile(message, wanted);
        _values = new double[paths.Count];
        _foundNames = new int[compiler.NameCount];
        _frame = frame is null ? null : Encoding.UTF8.GetBytes(frame);
    }

    /// <summary>True where messages have a header with a stamp.</summary>
    public bool HasStamp { get; }

    /// <summary>The numbers of the last message, in the order of the paths.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Stamp of the last message, ns since 1970 or of simulated time; 0 where it has none.</summary>
    public long StampNs { get; private set; }

    /// <summary>Reads one message.</summary>
    /// <returns>What became of it; the numbers are complete only for <see cref="FieldReadStatus.Ok"/>.</returns>
    public FieldReadStatus Read(ReadOnlySpan<byte> cdr)
    {
        var reader = new CdrReader(cdr);
        _foundNames.AsSpan().Fill(-1);
        _frameMatches = _frame is null;
        _stored = 0;
        StampNs = 0;
        Run(ref reader, _steps);
        if (!reader.Ok)
            return FieldReadStatus.Malformed;
        if (!_frameMatches)
            return FieldReadStatus.OtherFrame;
        return _stored == _values.Length ? FieldReadStatus.Ok : FieldReadStatus.Incomplete;
    }

    private void Run(ref CdrReader reader, FieldStep[] steps)
    {
        foreach (FieldStep s in steps)
        {
            if (!reader.Ok)
                return;
            Run(ref reader, s);
        }
    }

    private void Run(ref CdrReader reader, FieldStep s)
    {
        switch (s.Action)
        {
            case FieldAction.SkipFixed:
                reader.Skip(s.ElementBytes, s.Count);
                break;
            case FieldAction.SkipText:
                reader.ReadStringBytes(s.Bound);
                break;
            case FieldAction.SkipWideText:
                reader.Skip(sizeof(uint), reader.ReadCount(sizeof(uint))); // rmw_cyclonedds: wchar_t of Linux
                break;
            case FieldAction.Store:
                Store(s.Slot, Number(ref reader, s.Kind));
                break;
            case FieldAction.CheckFrame:
                _frameMatches = reader.ReadStringBytes().SequenceEqual(_frame);
                break;
            case FieldAction.Stamp:
                int seconds = reader.ReadInt32();
                StampNs = (seconds * 1_000_000_000L) + reader.ReadUInt32();
                break;
            case FieldAction.FindNames:
                FindNames(ref reader, s);
                break;
            case FieldAction.Nested:
                Run(ref reader, s.Body);
                break;
            default:
                Elements(ref reader, s);
                break;
        }
    }

    private void Elements(ref CdrReader reader, FieldStep s)
    {
        int count = s.Count >= 0 ? s.Count : reader.ReadCount(s.Least, s.Bound);
        int last = -1;
        foreach (FieldPick p in s.Picks)
            last = Math.Max(last, IndexOf(p));
        for (int i = 0; i < count && reader.Ok; i++)
        {
            if (s.ElementBytes > 0 && i > last)
            {
                reader.Skip(s.ElementBytes, count - i);
                return;
            }
            Element(ref reader, s, i);
        }
    }

    private void Element(ref CdrReader reader, FieldStep s, int index)
    {
        FieldPick? pick = null;
        foreach (FieldPick p in s.Picks)
        {
            if (IndexOf(p) == index)
                pick = p;
        }
        if (s.ElementBytes == 0)
            Run(ref reader, pick?.Body ?? s.Body);
        else if (pick is null)
            reader.Skip(s.ElementBytes, 1);
        else
            Store(pick.Slot, Number(ref reader, s.Kind));
    }

    private int IndexOf(FieldPick p) => p.NameSlot >= 0 ? _foundNames[p.NameSlot] : p.Index;

    private void FindNames(ref CdrReader reader, FieldStep s)
    {
        int count = s.Count >= 0 ? s.Count : reader.ReadCount(sizeof(uint), s.Bound);
        for (int i = 0; i < count && reader.Ok; i++)
        {
            ReadOnlySpan<byte> name = reader.ReadStringBytes();
            for (int n = 0; n < s.Names.Length; n++)
            {
                if (name.SequenceEqual(s.Names[n]))
                    _foundNames[s.NameSlots[n]] = i;
            }
        }
    }

    private void Store(int slot, double value)
    {
        _values[slot] = value;
        _stored++;
    }

    private static double Number(ref CdrReader reader, FieldKind kind) =>
        kind switch
        {
            FieldKind.Float64 => reader.ReadFloat64(),
            FieldKind.Float32 => reader.ReadFloat32(),
            FieldKind.Bool => reader.ReadBool() ? 1 : 0,
            FieldKind.Int8 => reader.ReadInt8(),
            FieldKind.UInt8 or FieldKind.Byte => reader.ReadUInt8(),
            FieldKind.Int16 => reader.ReadInt16(),
            FieldKind.UInt16 => reader.ReadUInt16(),
            FieldKind.Int32 => reader.ReadInt32(),
            FieldKind.UInt32 => reader.ReadUInt32(),
            FieldKind.Int64 => reader.ReadInt64(),
            _ => reader.ReadUInt64(),
        };
}
