using System.Text;
using Robotics.Core;
using Robotics.Drivers.Ros2.Dds;
using ParticipantEntitiesInfo = Robotics.Drivers.Ros2.Messages.RmwDdsCommon.ParticipantEntitiesInfo;

namespace Robotics.Drivers.Ros2;

/// <summary>One participant of a ROS 2 graph: its nodes, the threads that receive, and the view of everybody else.</summary>
/// <remarks>Creating and disposing allocate and block; use it outside the tick. Members are safe from any thread.</remarks>
public sealed class RosContext : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<RosNode> _nodes = [];
    private readonly DdsWriter _announcer;
    private readonly CdrWriter _announcement = new();
    private int _endpointIds;
    private bool _disposed;

    /// <summary>Joins the graph that <paramref name="options"/> describe.</summary>
    /// <param name="options">Domain, discovery and limits.</param>
    /// <param name="clock">Monotonic clock that receive times are taken from.</param>
    /// <exception cref="DdsException">No suitable libddsc, or DDS refused; the message says what to do.</exception>
    public RosContext(RosOptions options, IClock clock)
    {
        Options = options ?? throw new ArgumentNullException(nameof(options));
        Clock = clock ?? throw new ArgumentNullException(nameof(clock));
        options.Check();
        DdsDomain.Ensure(options);
        Participant = CreateParticipant(options);
        try
        {
            DdsSelfCheck.Ensure(Participant);
            Publisher = DdsException.Check(DdsNative.dds_create_publisher(Participant, 0, 0), "publisher");
            Subscriber = DdsException.Check(DdsNative.dds_create_subscriber(Participant, 0, 0), "subscriber");
            Gid = GuidOf(Participant);
            Receiver = new DdsReceiver(Participant, $"{DdsThreads.ReceiverName}{options.Domain}");
            DiscoveryReceiver = new DdsReceiver(Participant, $"ros2-graph-{options.Domain}");
            var topic = new DdsTopic(Participant, RosNames.DiscoveryTopic, RosNames.DdsType(ParticipantEntitiesInfo.RosType));
            string hash = $"typehash={ParticipantEntitiesInfo.RosTypeHash};";
            _announcer = new DdsWriter(Publisher, topic, QosProfile.Latched, hash);
            var reader = new DdsReader(Subscriber, topic, QosProfile.Latched with { Depth = 0 }, hash, ignoreLocal: true);
            Graph = new RosGraph(this, reader);
            Announce();
        }
        catch
        {
            DdsNative.dds_delete(Participant);
            throw;
        }
    }

    /// <summary>What it was made with.</summary>
    public RosOptions Options { get; }

    /// <summary>Clock of receive times.</summary>
    public IClock Clock { get; }

    /// <summary>Everybody in the graph.</summary>
    public RosGraph Graph { get; }

    /// <summary>Identity of this participant.</summary>
    public Gid Gid { get; }

    /// <summary>Exceptions that handlers threw on the receiving thread.</summary>
    public long HandlerFailures => Receiver.Failures + DiscoveryReceiver.Failures;

    /// <summary>The last of them.</summary>
    public Exception? LastHandlerFailure => Receiver.LastFailure ?? DiscoveryReceiver.LastFailure;

    internal int Participant { get; }

    internal int Publisher { get; }

    internal int Subscriber { get; }

    internal DdsReceiver Receiver { get; }

    /// <summary>The graph's own thread: whoever comes, goes or floods discovery does not delay a sample.</summary>
    internal DdsReceiver DiscoveryReceiver { get; }

    /// <summary>Adds a node to the graph.</summary>
    /// <param name="name">Name without slashes.</param>
    /// <param name="nodeNamespace">Absolute namespace.</param>
    /// <param name="remap">Names to replace, as <c>--ros-args -r from:=to</c>; both are resolved for this node.</param>
    public RosNode CreateNode(string name, string nodeNamespace = "/", IReadOnlyDictionary<string, string>? remap = null)
    {
        var node = new RosNode(this, name, nodeNamespace, remap);
        lock (_gate)
        {
            _nodes.Add(node);
        }
        Announce();
        return node;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RosNode[] nodes;
        lock (_gate)
        {
            if (_disposed)
                return;
            nodes = [.. _nodes];
        }
        foreach (RosNode node in nodes)
            node.Dispose();
        lock (_gate)
        {
            _disposed = true;
        }
        Receiver.Dispose();
        DiscoveryReceiver.Dispose();
        _announcer.Dispose();
        DdsNative.dds_delete(Participant);
    }

    internal void Remove(RosNode node)
    {
        lock (_gate)
        {
            _nodes.Remove(node);
        }
        Announce();
    }

    /// <summary>Text that marks both endpoints of a service or client as belonging together.</summary>
    internal string NextEndpointId()
    {
        int id = Interlocked.Increment(ref _endpointIds);
        Span<byte> bytes = stackalloc byte[16];
        Gid.CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[12..], id);
        var text = new StringBuilder();
        foreach (byte b in bytes)
            text.Append(text.Length == 0 ? "" : ".").Append(b.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>Tells the graph which nodes there are and which endpoints they own: one message holds all.</summary>
    internal void Announce()
    {
        lock (_gate)
        {
            if (_disposed || Graph is null) // the graph view announces once it is there
                return;
            int padding = Graph.UsesLongGids ? 8 : 0;
            _announcement.Reset();
            Put(Gid, padding);
            _announcement.WriteCount(_nodes.Count);
            foreach (RosNode node in _nodes)
            {
                _announcement.WriteString(node.Namespace, 256); // bounds of NodeEntitiesInfo.msg
                _announcement.WriteString(node.Name, 256);
                Put(node.ReaderGids(), padding);
                Put(node.WriterGids(), padding);
            }
            DdsException.Check(_announcer.Write(_announcement.Written), "announcing the nodes");
        }
    }

    private void Put(Gid[] gids, int padding)
    {
        _announcement.WriteCount(gids.Length);
        foreach (Gid gid in gids)
            Put(gid, padding);
    }

    private void Put(Gid gid, int padding)
    {
        Span<byte> bytes = stackalloc byte[24];
        bytes.Clear();
        gid.CopyTo(bytes);
        _announcement.WriteFixed<byte>(bytes[..(16 + padding)]);
    }

    private static unsafe int CreateParticipant(RosOptions options)
    {
        byte[] enclave = Encoding.UTF8.GetBytes($"enclave={options.Enclave};"); // without it ROS nodes ignore the participant
        nint qos = DdsNative.dds_create_qos();
        fixed (byte* p = enclave)
            DdsNative.dds_qset_userdata(qos, p, (nuint)enclave.Length);
        int participant = DdsNative.dds_create_participant((uint)options.Domain, qos, 0);
        DdsNative.dds_delete_qos(qos);
        return DdsException.Check(participant, $"participant in ROS domain {options.Domain} (MaxAutoParticipantIndex 32: more than 33 processes of one domain on this machine?)");
    }

    private static unsafe Gid GuidOf(int entity)
    {
        Gid gid;
        DdsException.Check(DdsNative.dds_get_guid(entity, &gid), "guid of the participant");
        return gid;
    }
}
