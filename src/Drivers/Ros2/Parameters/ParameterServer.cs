using Robotics.Drivers.Ros2.Messages.RclInterfaces;

namespace Robotics.Drivers.Ros2;

/// <summary>The parameters of a node, as <c>ros2 param list|get|set|describe|dump</c> expect them. Safe from any thread.</summary>
/// <remarks>Every change, also by the process itself, is told on /parameter_events.</remarks>
public sealed class ParameterServer
{
    private const int MaxNames = 1024; // in one request
    private readonly RosNode _node;
    private readonly RosTime _time;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (ParameterDeclaration Declaration, object Value)> _parameters = new(StringComparer.Ordinal);
    private readonly Publisher<ParameterEvent> _events;

    /// <summary>Serves <paramref name="declarations"/> under <paramref name="node"/>, which owns the services.</summary>
    public ParameterServer(RosNode node, RosTime time, IEnumerable<ParameterDeclaration> declarations)
    {
        _node = node ?? throw new ArgumentNullException(nameof(node));
        _time = time ?? throw new ArgumentNullException(nameof(time));
        ArgumentNullException.ThrowIfNull(declarations);
        foreach (ParameterDeclaration d in declarations)
        {
            ParameterValues.TypeOf(d.Value);
            _parameters[d.Name] = (d, d.Value);
        }
        _events = node.CreatePublisher<ParameterEvent>("/parameter_events", QosProfile.Parameters);
        QosProfile q = QosProfile.Parameters;
        node.CreateService<ListParametersRequest, ListParametersResponse>("~/list_parameters", List, q);
        node.CreateService<GetParametersRequest, GetParametersResponse>("~/get_parameters", Get, q);
        node.CreateService<GetParameterTypesRequest, GetParameterTypesResponse>("~/get_parameter_types", GetTypes, q);
        node.CreateService<DescribeParametersRequest, DescribeParametersResponse>("~/describe_parameters", Describe, q);
        node.CreateService<SetParametersRequest, SetParametersResponse>("~/set_parameters", Set, q);
        node.CreateService<SetParametersAtomicallyRequest, SetParametersAtomicallyResponse>("~/set_parameters_atomically", SetAtomically, q);
        Tell([.. _parameters.Keys], isNew: true);
    }

    /// <summary>The value of <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">Not declared.</exception>
    public object this[string name]
    {
        get
        {
            lock (_gate)
            {
                return _parameters[name].Value;
            }
        }
    }

    /// <summary>Sets a parameter from inside the process, also a read-only one.</summary>
    /// <exception cref="KeyNotFoundException">Not declared.</exception>
    public void Set(string name, object value)
    {
        lock (_gate)
        {
            _parameters[name] = (_parameters[name].Declaration, value);
        }
        Tell([name], isNew: false);
    }

    private void List(ListParametersRequest request, ListParametersResponse response)
    {
        string[] names;
        lock (_gate)
        {
            names = [.. _parameters.Keys.Where(n => Matches(n, request))];
        }
        response.Result.Names = names;
        response.Result.Prefixes = [.. names.Where(n => n.Contains('.', StringComparison.Ordinal)).Select(n => n[..n.LastIndexOf('.')]).Distinct()];
    }

    // Depth counts the separators behind the prefix, as rclcpp does; 0 is "all".
    private static bool Matches(string name, ListParametersRequest request)
    {
        ulong depth = request.Depth;
        if (request.Prefixes.Length == 0)
            return depth == 0 || (ulong)name.Count(c => c == '.') < depth;
        return request.Prefixes.Any(p =>
            name == p || (name.StartsWith(p + ".", StringComparison.Ordinal) && (depth == 0 || (ulong)name[(p.Length + 1)..].Count(c => c == '.') < depth)));
    }

    private void Get(GetParametersRequest request, GetParametersResponse response)
    {
        lock (_gate)
        {
            response.Values = [.. request.Names.Take(MaxNames).Select(n => _parameters.TryGetValue(n, out (ParameterDeclaration D, object V) p) ? ParameterValues.ToRos(p.V) : new ParameterValue())];
        }
    }

    private void GetTypes(GetParameterTypesRequest request, GetParameterTypesResponse response)
    {
        lock (_gate)
        {
            response.Types = [.. request.Names.Take(MaxNames).Select(n => _parameters.TryGetValue(n, out (ParameterDeclaration D, object V) p) ? ParameterValues.TypeOf(p.V) : ParameterType.PARAMETER_NOT_SET)];
        }
    }

    private void Describe(DescribeParametersRequest request, DescribeParametersResponse response)
    {
        lock (_gate)
        {
            response.Descriptors = [.. request.Names.Take(MaxNames).Select(n => _parameters.TryGetValue(n, out (ParameterDeclaration D, object V) p) ? p.D.Describe() : new ParameterDescriptor { Name = n })];
        }
    }

    private void Set(SetParametersRequest request, SetParametersResponse response) =>
        response.Results = [.. request.Parameters.Take(MaxNames).Select(p => TrySet([p]))];

    private void SetAtomically(SetParametersAtomicallyRequest request, SetParametersAtomicallyResponse response) =>
        response.Result = TrySet([.. request.Parameters.Take(MaxNames)]);

    // All or none.
    private SetParametersResult TrySet(Parameter[] wanted)
    {
        lock (_gate)
        {
            var values = new object[wanted.Length];
            for (int i = 0; i < wanted.Length; i++)
            {
                string? refusal = Check(wanted[i], out values[i]);
                if (refusal is not null)
                    return new SetParametersResult { Successful = false, Reason = refusal };
            }
            for (int i = 0; i < wanted.Length; i++)
                _parameters[wanted[i].Name] = (_parameters[wanted[i].Name].Declaration, values[i]);
        }
        Tell([.. wanted.Select(p => p.Name)], isNew: false);
        return new SetParametersResult { Successful = true };
    }

    private string? Check(Parameter wanted, out object value)
    {
        value = ParameterValues.FromRos(wanted.Value) ?? "";
        if (!_parameters.TryGetValue(wanted.Name, out (ParameterDeclaration Declaration, object Value) present))
            return $"{wanted.Name} is not declared; this node has {string.Join(", ", _parameters.Keys)}";
        if (wanted.Value.Type == ParameterType.PARAMETER_INTEGER && present.Value is double)
            value = (double)wanted.Value.IntegerValue; // `ros2 param set n gain 2` means 2.0
        return present.Declaration.Refusal(value);
    }

    private void Tell(string[] names, bool isNew)
    {
        var message = new ParameterEvent { Node = _node.FullName };
        message.Stamp.Set(_time.NowNs);
        lock (_gate)
        {
            Parameter[] list = [.. names.Select(n => new Parameter { Name = n, Value = ParameterValues.ToRos(_parameters[n].Value) })];
            if (isNew)
                message.NewParameters = list;
            else
                message.ChangedParameters = list;
        }
        _events.TryPublish(message);
    }
}
