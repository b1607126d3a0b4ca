using System.Globalization;
using System.Runtime.InteropServices;

namespace Robotics.Policies;

/// <summary>Collects nodes, constants, inputs and outputs of one ONNX graph. Field numbers: onnx.proto (IR version 8).</summary>
internal sealed class OnnxGraph
{
    private const int ElementFloat = 1;
    private const int ElementInt64 = 7;
    private const int IrVersion = 8;

    /// <summary>The newest operator set in which ReduceMean still takes its axes as an attribute: every runtime since 2020 has it.</summary>
    private const int OperatorSet = 13;

    private readonly List<ProtobufWriter> _nodes = [];
    private readonly List<ProtobufWriter> _constants = [];
    private readonly List<ProtobufWriter> _inputs = [];
    private readonly List<ProtobufWriter> _outputs = [];
    private int _names;

    /// <summary>Adds a node with one output of a fresh name, which is returned.</summary>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string output = Fresh(operation);
        Node(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with named outputs; an empty name leaves that output out.</summary>
    public void Node(string operation, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in outputs)
            node.Text(2, output);
        node.Text(3, Fresh("node")).Text(4, operation);
        foreach ((string name, object value) in attributes)
            node.Message(5, Attribute(name, value));
        _nodes.Add(node);
    }

    /// <summary>Adds a float constant; returns its name.</summary>
    public string Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape) => Tensor(ElementFloat, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a vector of 64-bit integers; returns its name.</summary>
    public string Constant(params ReadOnlySpan<long> values) => Tensor(ElementInt64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Adds a scalar; returns its name.</summary>
    public string Scalar(float value) => Constant([value], []);

    public void Input(string name, ReadOnlySpan<long> shape) => _inputs.Add(ValueInfo(name, shape));

    public void Output(string name, ReadOnlySpan<long> shape) => _outputs.Add(ValueInfo(name, shape));

    /// <summary>The whole model.</summary>
    public byte[] ToModel(string name)
    {
        var graph = new ProtobufWriter();
        foreach (ProtobufWriter node in _nodes)
            graph.Message(1, node);
        graph.Text(2, name);
        foreach (ProtobufWriter constant in _constants)
            graph.Message(5, constant);
        foreach (ProtobufWriter input in _inputs)
            graph.Message(11, input);
        foreach (ProtobufWriter output in _outputs)
            graph.Message(12, output);
        return new ProtobufWriter()
            .Integer(1, IrVersion)
            .Text(2, "robotics")
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Integer(2, OperatorSet))
            .Written.ToArray();
    }

    private string Fresh(string stem) => string.Create(CultureInfo.InvariantCulture, $"{stem}_{_names++}");

    private string Tensor(int element, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape)
    {
        string name = Fresh("constant");
        var tensor = new ProtobufWriter();
        foreach (long dimension in shape)
            tensor.Integer(1, dimension);
        _constants.Add(tensor.Integer(2, element).Text(8, name).Bytes(9, data));
        return name;
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float single:
                return attribute.Single(2, single).Integer(20, 1);
            case int integer:
                return attribute.Integer(3, integer).Integer(20, 2);
            case int[] integers:
                foreach (int i in integers)
                    attribute.Integer(8, i);
                return attribute.Integer(20, 7);
            default:
                throw new ArgumentException($"attribute {name} of type {value.GetType().Name}", nameof(value));
        }
    }

    private static ProtobufWriter ValueInfo(string name, ReadOnlySpan<long> shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (long dimension in shape)
            dimensions.Message(1, new ProtobufWriter().Integer(1, dimension));
        ProtobufWriter tensor = new ProtobufWriter().Integer(1, ElementFloat).Message(2, dimensions);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
