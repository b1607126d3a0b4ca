using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>Turns a message type and the wanted paths into the steps of a <see cref="FieldReader"/>.</summary>
internal sealed class FieldCompiler(InterfaceCatalog catalog)
{
    private const int MaxDepth = 32;

    /// <summary>A wanted path: what is left of it at the current depth, and where its number goes (-1: the stamp, -2: the frame).</summary>
    internal readonly record struct Wanted(FieldPathStep[] Path, int Depth, int Slot)
    {
        public FieldPathStep Step => Path[Depth];

        public bool IsLast => Depth == Path.Length - 1;

        public Wanted Deeper => this with { Depth = Depth + 1 };
    }

    public const int StampSlot = -1;
    public const int FrameSlot = -2;

    /// <summary>Number of names looked up in the message.</summary>
    public int NameCount { get; private set; }

    /// <summary>Steps of <paramref name="type"/>.</summary>
    /// <exception cref="FormatException">A path leads nowhere; the message says where it ends.</exception>
    public FieldStep[] Compile(RosMessageType type, IReadOnlyList<Wanted> wanted, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new FormatException($"{type.Name}: nested deeper than {MaxDepth} levels");
        foreach (Wanted w in wanted)
        {
            if (type.Fields.All(f => f.Name != w.Step.Name))
                throw new FormatException($"{type.Name} has no field '{w.Step.Name}'; it has {string.Join(", ", type.Fields.Select(f => f.Name))}");
        }
        var keys = new Dictionary<(string Field, string Value), int>();
        foreach (Wanted w in wanted.Where(w => w.Step.KeyField is not null))
            keys.TryAdd((w.Step.KeyField!, w.Step.KeyValue), NameCount++);
        CheckKeys(type, wanted);
        return [.. type.Fields.Select(f => Step(f, [.. wanted.Where(w => w.Step.Name == f.Name)], keys, depth))];
    }

    private static void CheckKeys(RosMessageType type, IReadOnlyList<Wanted> wanted)
    {
        foreach (Wanted w in wanted.Where(w => w.Step.KeyField is not null))
        {
            string[] before = [.. type.Fields.TakeWhile(f => f.Name != w.Step.Name).Where(f => f.IsString && f.Shape != FieldShape.Single).Select(f => f.Name)];
            if (!before.Contains(w.Step.KeyField!))
                throw new FormatException($"{type.Name}: '{w.Step.KeyField}' is not a list of texts in front of '{w.Step.Name}'; usable: {string.Join(", ", before)}");
        }
    }

    private FieldStep Step(RosField f, Wanted[] wanted, Dictionary<(string Field, string Value), int> keys, int depth)
    {
        KeyValuePair<(string Field, string Value), int>[] names = [.. keys.Where(k => k.Key.Field == f.Name)];
        if (names.Length > 0)
            return FindNames(f, names);
        if (f.Shape != FieldShape.Single)
            return Elements(f, wanted, keys, depth);
        if (wanted.Length == 0)
            return Skip(f, depth);
        foreach (Wanted w in wanted)
            CheckSingle(f, w);
        return wanted[0].Slot switch
        {
            StampSlot when wanted[0].IsLast => new FieldStep { Action = FieldAction.Stamp },
            FrameSlot when wanted[0].IsLast => new FieldStep { Action = FieldAction.CheckFrame },
            _ when f.Kind == FieldKind.Nested => new FieldStep
            {
                Action = FieldAction.Nested,
                Body = Compile(catalog.Get(f.NestedType), [.. wanted.Select(w => w.Deeper)], depth + 1),
            },
            _ when wanted.Length > 1 => throw new FormatException($"'{f.Name}' is mapped to two channels; map one and derive the other in the task"),
            _ => new FieldStep { Action = FieldAction.Store, Kind = f.Kind, Slot = wanted[0].Slot },
        };
    }

    private static void CheckSingle(RosField f, Wanted w)
    {
        if (w.Step.Index >= 0 || w.Step.KeyField is not null)
            throw new FormatException($"'{f.Name}' is a single value and takes no [ ]");
        bool isTime = f.NestedType is "builtin_interfaces/msg/Time";
        bool leaf = w.Slot == StampSlot ? isTime : w.Slot == FrameSlot ? f.IsString : f.ElementBytes > 0;
        if (w.IsLast && !leaf)
            throw new FormatException($"'{f.Name}' is {(f.Kind == FieldKind.Nested ? f.NestedType : f.Kind.ToString())}, not {(w.Slot == StampSlot ? "a time" : w.Slot == FrameSlot ? "a text" : "a number")}");
        if (!w.IsLast && f.Kind != FieldKind.Nested)
            throw new FormatException($"'{f.Name}' is {f.Kind} and has no fields");
    }

    private FieldStep Elements(RosField f, Wanted[] wanted, Dictionary<(string Field, string Value), int> keys, int depth)
    {
        var picks = new List<FieldPick>();
        foreach (Wanted w in wanted)
        {
            if (w.Step.Index < 0 && w.Step.KeyField is null)
                throw new FormatException($"'{f.Name}' has many elements: say which, as {f.Name}[0] or {f.Name}[name=...]");
            if (f.Shape == FieldShape.Array && w.Step.Index >= f.Capacity)
                throw new FormatException($"'{f.Name}' has {f.Capacity} elements, [{w.Step.Index}] is none of them");
            if (w.IsLast && f.ElementBytes == 0)
                throw new FormatException($"'{f.Name}' holds {(f.Kind == FieldKind.Nested ? f.NestedType : f.Kind.ToString())}, not numbers");
            int nameSlot = w.Step.KeyField is null ? -1 : keys[(w.Step.KeyField, w.Step.KeyValue)];
            bool sameElement(FieldPick p) => p.Index == w.Step.Index && p.NameSlot == nameSlot;
            if (w.IsLast && picks.Exists(sameElement))
                throw new FormatException($"an element of '{f.Name}' is mapped to two channels; map one and derive the other in the task");
            if (!picks.Exists(sameElement))
                picks.Add(new FieldPick(w.Step.Index, nameSlot, w.Slot, Body(f, [.. wanted.Where(o => o.Step == w.Step)], depth)));
        }
        return new FieldStep
        {
            Action = FieldAction.Elements,
            Kind = f.Kind,
            ElementBytes = f.ElementBytes,
            Count = f.Shape == FieldShape.Array ? f.Capacity : -1,
            Bound = f.SequenceBound,
            Least = f.Kind == FieldKind.Nested ? catalog.LeastBytes(f.NestedType) : f.ElementBytes > 0 ? f.ElementBytes : sizeof(uint),
            Body = f.ElementBytes > 0 ? [] : f.Kind == FieldKind.Nested ? Compile(catalog.Get(f.NestedType), [], depth + 1) : [Skip(f, depth)],
            Picks = [.. picks],
        };
    }

    private FieldStep[] Body(RosField f, Wanted[] wanted, int depth)
    {
        if (f.Kind == FieldKind.Nested)
            return Compile(catalog.Get(f.NestedType), [.. wanted.Select(w => w.Deeper)], depth + 1);
        return wanted.All(w => w.IsLast) ? [] : throw new FormatException($"'{f.Name}' holds {f.Kind} and has no fields");
    }

    private FieldStep Skip(RosField f, int depth) =>
        f.Kind switch
        {
            FieldKind.Nested => new FieldStep { Action = FieldAction.Nested, Body = Compile(catalog.Get(f.NestedType), [], depth + 1) },
            FieldKind.String or FieldKind.BoundedString => new FieldStep { Action = FieldAction.SkipText, Bound = f.StringBound },
            FieldKind.WString or FieldKind.BoundedWString => new FieldStep { Action = FieldAction.SkipWideText },
            _ => new FieldStep { Action = FieldAction.SkipFixed, ElementBytes = f.ElementBytes },
        };

    private static FieldStep FindNames(RosField f, KeyValuePair<(string Field, string Value), int>[] names) =>
        new()
        {
            Action = FieldAction.FindNames,
            Count = f.Shape == FieldShape.Array ? f.Capacity : -1,
            Bound = f.SequenceBound,
            Names = [.. names.Select(n => Encoding.UTF8.GetBytes(n.Key.Value))],
            NameSlots = [.. names.Select(n => n.Value)],
        };
}
