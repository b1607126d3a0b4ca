using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Runtime.Agent;

/// <summary>The second river on the robot: records from the ring to disk and up the link, policies down, verified and into control's mailbox.</summary>
/// <remarks>One thread that may allocate and block on the disk; control never waits for it. Killed at any point, its successor reads on where
/// it stopped: a frame leaves the ring only after the operating system has it, and the spool drops the repeat by its identity.</remarks>
public sealed class AgentLoop : IDisposable
{
    private const long StoreNs = 500_000_000; // how soon a command on the policy store is seen
    private const int FramesPerTurn = 4096; // a long absence's backlog is taken in slices, so that the link stays alive meanwhile

    private readonly EdgeMemory _memory;
    private readonly AgentOptions _options;
    private readonly IEdgeChannel? _channel;
    private readonly SafetyLog? _safetyLog;
    private readonly RecentObservations? _recent;
    private SpoolWriter? _spool;
    private EdgeLink? _link;
    private ControlStatus _status;
    private long _storeDueNs;

    /// <summary>An agent over <paramref name="memory"/>.</summary>
    /// <param name="memory">Shared with control.</param>
    /// <param name="options">Where things are kept.</param>
    /// <param name="channel">To the learner; null for a robot that flies on its own.</param>
    /// <param name="gate">What a policy must pass.</param>
    /// <param name="store">Bundles on disk.</param>
    /// <param name="delivery">How policies come to control.</param>
    public AgentLoop(EdgeMemory memory, AgentOptions options, IEdgeChannel? channel, PolicyGate gate, PolicyStore store, DeliveryOptions? delivery = null)
    {
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _channel = channel;
        _safetyLog = options.SafetyLog is { } path ? new SafetyLog(memory.Transitions, path) : null;
        Policies = new PolicyDelivery(memory.Policies, gate, store, delivery);
        _recent = delivery?.Recent;
        if (options.Boot != 0)
            Begin(options.Boot);
    }

    /// <summary>Control's newest word about itself.</summary>
    public ref readonly ControlStatus Control => ref _status;

    /// <summary>Records in the spool of the present boot.</summary>
    public long Spooled => _spool?.Appended ?? 0;

    /// <summary>Greatest sequence that the learner has persisted.</summary>
    public ulong Acknowledged => _link?.Acknowledged ?? 0;

    /// <summary>Sequence up to which a lockstep edge may run.</summary>
    public ulong Granted => _link?.Granted ?? 0;

    /// <summary>The link, once there is a boot to speak for; null without a learner.</summary>
    public EdgeLink? Link => _link;

    /// <summary>Policies on their way to control, and what became of them.</summary>
    public PolicyDelivery Policies { get; }

    /// <summary>One round: ring to spool, spool to disk, link both ways, new policy through the gate.</summary>
    public void Turn(long nowNs)
    {
        bool isTold = ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        if (_spool is null && _status.Boot != 0)
            Begin(_status.Boot); // the link must speak before the first record: without a policy there is none
        Drain();
        _safetyLog?.Drain();
        _spool?.Pump(nowNs);
        new AgentStatus { TimeNs = nowNs, LearnerConnected = _link?.State == EdgeLinkState.Connected ? (byte)1 : (byte)0 }.PutInto(_memory.Agent);
        if (isTold)
            Policies.Follow(_status, nowNs);
        if (_options.FollowsStore && nowNs >= _storeDueNs)
        {
            _storeDueNs = nowNs + StoreNs;
            Policies.FollowStore();
        }
        if (_options.OnEdge is { } onEdge)
            Adapt(onEdge);
        if (_link is not null)
            PumpLink(_link, nowNs);
    }

    /// <summary>Waits for the learner to say something, at most <paramref name="timeoutMs"/>.</summary>
    public void Wait(int timeoutMs) => _link?.Wait(timeoutMs);

    /// <summary>Makes everything recorded durable.</summary>
    public void Commit() => _spool?.Commit();

    /// <inheritdoc/>
    public void Dispose()
    {
        _link?.Dispose();
        _spool?.Dispose();
        _safetyLog?.Dispose();
    }

    // What was learnt on the edge goes the way of every policy: gate, store, control.
    private void Adapt(OnEdgeLearner onEdge)
    {
        if (Policies.Verified is { } verified)
            onEdge.Follow(verified);
        if (onEdge.TryTakeBundle(out ReadOnlyMemory<byte> bundle, out PolicyIdentity identity))
            Policies.Take(bundle.Span, identity);
    }

    private void PumpLink(EdgeLink link, long nowNs)
    {
        link.Installed = Policies.Installed;
        link.Pump(nowNs);
        Policies.Announce(link.Announced, nowNs, _status.Recorded);
        if (link.TryTakePolicy(out ReadOnlySpan<byte> bundle, out PolicyIdentity announced))
            Policies.Take(bundle, announced, link.PolicyHashes);
        while (Policies.TryTakeReport(out PolicyReport report))
            link.Report(report.Policy, (ushort)report.Refusal.Check, report.Refusal.ToString());
    }

    private void Drain()
    {
        int frames = 0;
        bool full = false;
        while (!full && frames < FramesPerTurn && _memory.Records.TryRead(out ReadOnlySpan<byte> record))
        {
            full = Take(record) == SpoolStatus.Full;
            frames++;
        }
        if (frames == 0 || full)
            return; // a full disk keeps the frames in the ring, which refuses the next arming when it overflows
        if (_spool is null || _spool.Flush())
            _memory.Records.Release();
    }

    private SpoolStatus Take(ReadOnlySpan<byte> record)
    {
        if (TransitionCodec.TryPeek(record, _options.Schema, out TransitionHeader header) != DecodeStatus.Ok)
            return SpoolStatus.Invalid;
        if (_spool is null || _spool.Stream.Boot != header.Boot)
            Begin(header.Boot);
        _recent?.Add(record);
        _options.OnEdge?.Take(record, isCut: _link?.State != EdgeLinkState.Connected);
        return _spool!.Append(record);
    }

    // Each start of control is a stream of its own: its spool, and a link that speaks for it.
    private void Begin(ulong boot)
    {
        _spool?.Commit();
        _link?.Dispose();
        _spool?.Dispose();
        _spool = SpoolWriter.Open(_options.SpoolFolder, new SpoolStream(_options.Robot, boot), _options.Schema, _options.Spool);
        _link = _channel is null ? null : new EdgeLink(_spool, _channel, _options.Link);
    }
}
