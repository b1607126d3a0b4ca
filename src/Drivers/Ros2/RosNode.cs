using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>A node of the graph: a name under which publishers, subscriptions, services and parameters stand.</summary>
/// <remarks>Safe from any thread. Handlers run on the context's one receiving thread: keep them short.</remarks>
public sealed class RosNode : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _remap = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _owned = [];
    private readonly List<Gid> _readers = [];
    private readonly List<Gid> _writers = [];
    private bool _disposed;

    internal RosNode(RosContext context, string name, string nodeNamespace, IReadOnlyDictionary<string, string>? remap)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(nodeNamespace);
        if (name.Contains('/', StringComparison.Ordinal) || !RosNames.IsValid("/" + name))
            throw new ArgumentException($"'{name}' is not a node name: letters, digits and _ only, no digit first", nameof(name));
        if (!RosNames.IsValid(nodeNamespace))
            throw new ArgumentException($"'{nodeNamespace}' is not an absolute namespace such as / or /robot1", nameof(nodeNamespace));
        Context = context;
        Name = name;
        Namespace = nodeNamespace;
        foreach ((string from, string to) in remap ?? new Dictionary<string, string>())
            _remap[RosNames.Resolve(from, Namespace, Name)] = RosNames.Resolve(to, Namespace, Name);
    }

    /// <summary>The participant it belongs to.</summary>
    public RosContext Context { get; }

    /// <summary>Name without namespace.</summary>
    public string Name { get; }

    /// <summary>Absolute namespace, at least <c>/</c>.</summary>
    public string Namespace { get; }

    /// <summary>Namespace and name.</summary>
    public string FullName => Namespace == "/" ? "/" + Name : $"{Namespace}/{Name}";

    /// <summary>The absolute name that <paramref name="name"/> means here, remapping applied.</summary>
    public string Resolve(string name)
    {
        string full = RosNames.Resolve(name, Namespace, Name);
        return _remap.GetValueOrDefault(full, full);
    }

    /// <summary>A publisher of a type known at compile time.</summary>
    public Publisher<T> CreatePublisher<T>(string topic, QosProfile? qos = null)
        where T : class, IRosMessage<T>, new() => new(CreateRawPublisher(topic, T.RosType, qos, T.RosTypeHash));

    /// <summary>A publisher of any type, which takes CDR bytes or a <see cref="DynamicMessage"/>.</summary>
    public RawPublisher CreateRawPublisher(string topic, string type, QosProfile? qos = null) =>
        CreateRawPublisher(topic, type, qos, TypeHash.Of(Context.Options.Interfaces, type));

    /// <summary>Calls <paramref name="handler"/> with every message. The instance is reused: copy what is to be kept.</summary>
    public Subscription CreateSubscription<T>(string topic, Action<T> handler, QosProfile? qos = null)
        where T : class, IRosMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(handler);
        return CreateRawSubscription(topic, T.RosType, new TypedSink<T>(handler), qos, T.RosTypeHash);
    }

    /// <summary>Hands the bytes of every sample to <paramref name="sink"/>, for types known only at run time or readers of their own.</summary>
    public Subscription CreateRawSubscription(string topic, string type, ICheckedSink sink, QosProfile? qos = null) =>
        CreateRawSubscription(topic, type, sink, qos, TypeHash.Of(Context.Options.Interfaces, type));

    /// <summary>Calls <paramref name="handler"/> with every message of a type known only at run time.</summary>
    public Subscription CreateSubscription(string topic, string type, Action<DynamicMessage> handler, QosProfile? qos = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return CreateRawSubscription(topic, type, new DynamicSink(Context.Options.Interfaces, type, handler), qos);
    }

    /// <summary>Serves <paramref name="name"/>: <paramref name="handler"/> fills the response. Both instances are reused.</summary>
    public RosService CreateService<TRequest, TResponse>(string name, Action<TRequest, TResponse> handler, QosProfile? qos = null)
        where TRequest : class, IRosMessage<TRequest>, new()
        where TResponse : class, IRosMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceEndpoints ends = CreateEndpoints<TRequest, TResponse>(name, qos, server: true);
        return Own(new RosService(this, ends, new ServiceSink<TRequest, TResponse>(new(), new(), handler, ends.Writer, ends.Reader)), ends);
    }

    /// <summary>Serves <paramref name="name"/> with answers that are given later through the function returned.</summary>
    internal Func<ServiceCall, TResponse, bool> CreateDeferredService<TRequest, TResponse>(string name, Action<TRequest, ServiceCall> handler)
        where TRequest : class, IRosMessage<TRequest>, new()
        where TResponse : class, IRosMessage<TResponse>, new()
    {
        ServiceEndpoints ends = CreateEndpoints<TRequest, TResponse>(name, null, server: true);
        var service = new DeferredService<TRequest, TResponse>(handler, ends.Writer, ends.Reader);
        Own(new RosService(this, ends, service), ends);
        return service.Reply;
    }

    /// <summary>A client of <paramref name="name"/>.</summary>
    public RosClient<TRequest, TResponse> CreateClient<TRequest, TResponse>(string name, QosProfile? qos = null)
        where TRequest : class, IRosMessage<TRequest>, new()
        where TResponse : class, IRosMessage<TResponse>, new()
    {
        ServiceEndpoints ends = CreateEndpoints<TRequest, TResponse>(name, qos, server: false);
        return Own(new RosClient<TRequest, TResponse>(this, ends, static () => new TResponse()), ends);
    }

    /// <summary>Serves <paramref name="name"/> of a service type known only at run time (<c>pkg/srv/Name</c>). Both instances are reused.</summary>
    public RosService CreateService(string name, string type, Action<DynamicMessage, DynamicMessage> handler, QosProfile? qos = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceEndpoints ends = CreateEndpoints(name, type, qos, server: true);
        var sink = new ServiceSink<DynamicMessage, DynamicMessage>(CreateMessage(type + "_Request"), CreateMessage(type + "_Response"), handler, ends.Writer, ends.Reader);
        return Own(new RosService(this, ends, sink), ends);
    }

    /// <summary>A client of <paramref name="name"/> of a service type known only at run time; requests are made with <see cref="CreateMessage"/>.</summary>
    public RosClient<DynamicMessage, DynamicMessage> CreateClient(string name, string type, QosProfile? qos = null)
    {
        ServiceEndpoints ends = CreateEndpoints(name, type, qos, server: false);
        return Own(new RosClient<DynamicMessage, DynamicMessage>(this, ends, () => CreateMessage(type + "_Response")), ends);
    }

    /// <summary>A message of <paramref name="type"/> as this node's interfaces define it, every field at zero.</summary>
    public DynamicMessage CreateMessage(string type) => new(Context.Options.Interfaces, type);

    /// <summary>Removes the node and everything it owns from the graph.</summary>
    public void Dispose()
    {
        IDisposable[] owned;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            owned = [.. _owned];
        }
        foreach (IDisposable item in owned.Reverse())
            item.Dispose();
        Context.Remove(this);
    }

    internal Gid[] ReaderGids()
    {
        lock (_gate)
        {
            return [.. _readers];
        }
    }

    internal Gid[] WriterGids()
    {
        lock (_gate)
        {
            return [.. _writers];
        }
    }

    internal void Forget(IDisposable item, DdsReader? reader, DdsWriter? writer)
    {
        lock (_gate)
        {
            _owned.Remove(item);
            if (reader is not null)
                _readers.Remove(reader.Gid);
            if (writer is not null)
                _writers.Remove(writer.Gid);
        }
        Context.Announce();
    }

    private RawPublisher CreateRawPublisher(string topic, string type, QosProfile? qos, string hash)
    {
        string full = Resolve(topic);
        var ddsTopic = new DdsTopic(Context.Participant, RosNames.Topic(full), RosNames.DdsType(type));
        var writer = new DdsWriter(Context.Publisher, ddsTopic, qos ?? QosProfile.Default, $"typehash={hash};");
        return Own(new RawPublisher(this, full, type, writer), null, writer);
    }

    private Subscription CreateRawSubscription(string topic, string type, ICheckedSink sink, QosProfile? qos, string hash)
    {
        string full = Resolve(topic);
        var ddsTopic = new DdsTopic(Context.Participant, RosNames.Topic(full), RosNames.DdsType(type));
        var reader = new DdsReader(Context.Subscriber, ddsTopic, qos ?? QosProfile.Default, $"typehash={hash};");
        var subscription = Own(new Subscription(this, full, type, reader, sink), reader, null);
        subscription.Start();
        return subscription;
    }

    private ServiceEndpoints CreateEndpoints<TRequest, TResponse>(string name, QosProfile? qos, bool server)
        where TRequest : class, IRosMessage<TRequest>, new()
        where TResponse : class, IRosMessage<TResponse>, new() =>
        CreateEndpoints(name, (TRequest.RosType, TRequest.RosTypeHash), (TResponse.RosType, TResponse.RosTypeHash), qos, server);

    private ServiceEndpoints CreateEndpoints(string name, string type, QosProfile? qos, bool server)
    {
        InterfaceCatalog catalog = Context.Options.Interfaces;
        (string request, string response) = (type + "_Request", type + "_Response");
        return CreateEndpoints(name, (request, TypeHash.Of(catalog, request)), (response, TypeHash.Of(catalog, response)), qos, server);
    }

    private ServiceEndpoints CreateEndpoints(string name, (string Type, string Hash) request, (string Type, string Hash) response, QosProfile? qos, bool server)
    {
        string full = Resolve(name);
        string id = $"{(server ? "serviceid" : "clientid")}={Context.NextEndpointId()};";
        string requestHash = $"{id}typehash={request.Hash};";
        string responseHash = $"{id}typehash={response.Hash};";
        var requests = new DdsTopic(Context.Participant, RosNames.Request(full), RosNames.DdsType(request.Type));
        var replies = new DdsTopic(Context.Participant, RosNames.Reply(full), RosNames.DdsType(response.Type));
        QosProfile q = qos ?? QosProfile.Services;
        // The reader first: a server answers only once it sees the client's reply reader.
        var reader = new DdsReader(Context.Subscriber, server ? requests : replies, q, server ? requestHash : responseHash);
        var writer = new DdsWriter(Context.Publisher, server ? replies : requests, q, server ? responseHash : requestHash);
        return new ServiceEndpoints(full, reader, writer);
    }

    private T Own<T>(T item, ServiceEndpoints ends)
        where T : IDisposable => Own(item, ends.Reader, ends.Writer);

    private T Own<T>(T item, DdsReader? reader, DdsWriter? writer)
        where T : IDisposable
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _owned.Add(item);
            if (reader is not null)
                _readers.Add(reader.Gid);
            if (writer is not null)
                _writers.Add(writer.Gid);
        }
        Context.Announce();
        return item;
    }
}
