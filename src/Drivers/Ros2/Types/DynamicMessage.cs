namespace Robotics.Drivers.Ros2;

/// <summary>A message whose type is only known at run time: its fields by name, in the boxed form of their C# types.</summary>
/// <remarks>
/// Primitives are boxed (<c>float64</c> a double, <c>byte</c> a byte), texts are strings, nested messages are
/// <see cref="DynamicMessage"/>, arrays and sequences are typed arrays (<c>double[]</c>, <c>string[]</c>, <c>DynamicMessage[]</c>).
/// Allocates: for tools and odd types. On the control path use the records.
/// </remarks>
public sealed class DynamicMessage : IRosMessage
{
    private readonly InterfaceCatalog _catalog;
    private readonly object[] _values;

    /// <summary>A message of <paramref name="type"/> with every field at zero, empty or false.</summary>
    public DynamicMessage(InterfaceCatalog catalog, string type)
    {
        _catalog = catalog ?? throw new ArgumentNullException(nameof(catalog));
        Type = catalog.Get(type);
        _values = [.. Type.Fields.Select(Zero)];
    }

    /// <summary>What it is.</summary>
    public RosMessageType Type { get; }

    /// <summary>The value of <paramref name="field"/>; a dotted path goes into nested messages.</summary>
    /// <exception cref="KeyNotFoundException">No such field; the message lists those there are.</exception>
    /// <exception cref="InvalidCastException">The value set is not of the field's C# type.</exception>
    public object this[string field]
    {
        get
        {
            (DynamicMessage owner, int index) = Locate(field);
            return owner._values[index];
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (DynamicMessage owner, int index) = Locate(field);
            RosField f = owner.Type.Fields[index];
            if (value.GetType() != owner._values[index].GetType())
                throw new InvalidCastException($"{owner.Type.Name}.{f.Name} is a {owner._values[index].GetType().Name}, not a {value.GetType().Name}");
            if (f.Shape == FieldShape.Array && ((Array)value).Length != f.Capacity)
                throw new InvalidCastException($"{owner.Type.Name}.{f.Name} has exactly {f.Capacity} elements, not {((Array)value).Length}");
            owner._values[index] = value;
        }
    }

    /// <inheritdoc/>
    public void Write(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (int i = 0; i < _values.Length; i++)
            DynamicCodec.Write(writer, Type.Fields[i], _values[i]);
    }

    /// <inheritdoc/>
    public bool TryRead(ref CdrReader reader)
    {
        for (int i = 0; i < _values.Length && reader.Ok; i++)
            _values[i] = DynamicCodec.Read(ref reader, _catalog, Type.Fields[i]);
        return reader.Ok;
    }

    private (DynamicMessage Owner, int Index) Locate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        DynamicMessage owner = this;
        string[] names = path.Split('.');
        for (int n = 0; ; n++)
        {
            int index = owner.IndexOf(names[n]);
            if (n == names.Length - 1)
                return (owner, index);
            owner = owner._values[index] as DynamicMessage
                ?? throw new KeyNotFoundException($"{owner.Type.Name}.{names[n]} is not a message, so it has no '{names[n + 1]}'");
        }
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if (Type.Fields[i].Name == name)
                return i;
        }
        throw new KeyNotFoundException($"{Type.Name} has no field '{name}'; it has {string.Join(", ", Type.Fields.Select(f => f.Name))}");
    }

    private object Zero(RosField f) => DynamicCodec.Zero(_catalog, f);
}
