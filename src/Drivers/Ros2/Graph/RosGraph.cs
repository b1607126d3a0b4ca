using System.Runtime.InteropServices;
using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>What this participant knows about the whole graph: nodes, publishers, subscriptions, services. Safe from any thread.</summary>
public sealed unsafe class RosGraph : ISampleSink
{
    private const int MaxEndpoints = 16384; // a hostile participant may announce without end
    private const int MaxParticipants = 1024;
    private readonly RosContext _context;
    private readonly Lock _gate = new();
    private readonly Dictionary<Gid, GraphEndpoint> _endpoints = [];
    private readonly Dictionary<Gid, List<GraphNode>> _nodes = [];
    private readonly DdsReader _discovery;
    private readonly int _participants;
    private readonly int _publications;
    private readonly int _subscriptions;
    private long _malformed;
    private bool _humbleSeen;
    private bool _modernSeen;

    internal RosGraph(RosContext context, DdsReader discovery)
    {
        _context = context;
        _discovery = discovery;
        _participants = Builtin(DdsNative.BuiltinParticipant);
        _publications = Builtin(DdsNative.BuiltinPublication);
        _subscriptions = Builtin(DdsNative.BuiltinSubscription);
        context.DiscoveryReceiver.Attach(_participants, DrainParticipants);
        context.DiscoveryReceiver.Attach(_publications, () => DrainEndpoints(_publications, isWriter: true));
        context.DiscoveryReceiver.Attach(_subscriptions, () => DrainEndpoints(_subscriptions, isWriter: false));
        context.DiscoveryReceiver.Attach(discovery.Handle, () => _discovery.Take(this));
    }

    /// <summary>Graph messages that could not be read.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>True where this participant announces 24-byte GIDs: configured, or only Humble peers were seen.</summary>
    public bool UsesLongGids =>
        _context.Options.GidLayout switch
        {
            GidLayout.Bytes24 => true,
            GidLayout.Bytes16 => false,
            _ => _humbleSeen && !_modernSeen,
        };

    /// <summary>Nodes of other participants, by name.</summary>
    public IReadOnlyList<GraphNode> Nodes
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Values.SelectMany(n => n).OrderBy(n => n.FullName, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>All endpoints, this participant's included.</summary>
    public IReadOnlyList<GraphEndpoint> Endpoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _endpoints.Values];
            }
        }
    }

    /// <summary>Topics and their types.</summary>
    public IReadOnlyList<(string Topic, string Type)> Topics =>
        [.. Endpoints.Where(e => e.Topic is not null).Select(e => (e.Topic!, e.Type)).Distinct().Order()];

    /// <summary>Services that have a server, and their types.</summary>
    public IReadOnlyList<(string Service, string Type)> Services =>
        [
            .. Endpoints
                .Where(e => !e.IsWriter && e.DdsTopic.StartsWith("rq/", StringComparison.Ordinal) && e.DdsTopic.EndsWith("Request", StringComparison.Ordinal))
                .Select(e => (e.DdsTopic[2..^"Request".Length], e.Type.EndsWith("_Request", StringComparison.Ordinal) ? e.Type[..^"_Request".Length] : e.Type))
                .Distinct()
                .Order(),
        ];

    /// <summary>Endpoints of other participants on <paramref name="topic"/> whose type hash differs from <paramref name="hash"/>: they mean another type.</summary>
    public IReadOnlyList<GraphEndpoint> Mismatched(string topic, string hash) =>
        [.. Endpoints.Where(e => e.Topic == topic && e.TypeHash.Length > 0 && e.TypeHash != hash)];

    void ISampleSink.OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        if (GraphMessage.TryRead(cdr) is not { } message)
        {
            Interlocked.Increment(ref _malformed);
            return;
        }
        lock (_gate)
        {
            if (_nodes.Count < MaxParticipants || _nodes.ContainsKey(message.Participant))
                _nodes[message.Participant] = message.Nodes;
        }
        if (message.Participant.Participant != _context.Gid.Participant)
            Note(humble: message.GidBytes == 24);
    }

    private void Note(bool humble)
    {
        bool before = UsesLongGids;
        _humbleSeen |= humble;
        _modernSeen |= !humble;
        if (UsesLongGids != before)
            _context.Announce();
    }

    private int Builtin(int topic) =>
        DdsException.Check(DdsNative.dds_create_reader(_context.Participant, topic, 0, 0), "built-in reader");

    private void DrainParticipants()
    {
        void* sample = null;
        SampleInfo info;
        while (DdsNative.dds_take(_participants, &sample, &info, 1, 1) > 0)
        {
            if (info.InstanceState != DdsNative.InstanceAlive)
                Forget(((BuiltinParticipant*)sample)->Key);
            DdsNative.dds_return_loan(_participants, &sample, 1);
            sample = null;
        }
    }

    private void Forget(Gid participant)
    {
        lock (_gate)
        {
            _nodes.Remove(participant);
            foreach (Gid gid in _endpoints.Keys.Where(g => g.Participant == participant.Participant).ToArray())
                _endpoints.Remove(gid);
        }
    }

    private void DrainEndpoints(int reader, bool isWriter)
    {
        void* sample = null;
        SampleInfo info;
        while (DdsNative.dds_take(reader, &sample, &info, 1, 1) > 0)
        {
            var endpoint = (BuiltinEndpoint*)sample;
            if (info.InstanceState == DdsNative.InstanceAlive && info.HasData)
                Add(endpoint, isWriter);
            else
                Remove(endpoint->Key);
            DdsNative.dds_return_loan(reader, &sample, 1);
            sample = null;
        }
    }

    private void Remove(Gid gid)
    {
        lock (_gate)
        {
            _endpoints.Remove(gid);
        }
    }

    private void Add(BuiltinEndpoint* e, bool isWriter)
    {
        int reliability = 0;
        int durability = 0;
        long blocking;
        DdsNative.dds_qget_reliability(e->Qos, &reliability, &blocking);
        DdsNative.dds_qget_durability(e->Qos, &durability);
        string topic = Marshal.PtrToStringUTF8((nint)e->TopicName) ?? "";
        string hash = UserData.Value(UserData.Of(e->Qos), "typehash");
        var endpoint = new GraphEndpoint(
            e->Key, topic, RosNames.RosType(Marshal.PtrToStringUTF8((nint)e->TypeName) ?? ""), hash, reliability == 1, durability == 1, isWriter);
        lock (_gate)
        {
            if (_endpoints.Count < MaxEndpoints)
                _endpoints[e->Key] = endpoint;
        }
        if (topic == RosNames.DiscoveryTopic && e->Key.Participant != _context.Gid.Participant)
            Note(humble: hash.Length == 0);
    }
}
