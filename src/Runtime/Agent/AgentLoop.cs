using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Runtime.Agent;

/// <summary>The second river on the robot: records from the ring to disk and up the link (<see cref="ExperienceAgent"/>), policies down, verified and into control's mailbox.</summary>
/// <remarks>One thread that may allocate and block on the disk; control never waits for it.</remarks>
public sealed class AgentLoop : IDisposable
{
    private const long StoreNs = 500_000_000; // how soon a command on the policy store is seen

    private readonly EdgeMemory _memory;
    private readonly AgentOptions _options;
    private readonly ExperienceAgent _experience;
    private readonly SafetyLog? _safetyLog;
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
        _safetyLog = options.SafetyLog is { } path ? new SafetyLog(memory.Transitions, path, memory.Device) : null;
        Policies = new PolicyDelivery(memory.Policies, gate, store, delivery);
        _experience = new ExperienceAgent(memory.Records, options.SpoolFolder, options.Schema, options.Spool, channel, options.Link, options.RecordingFolder)
        {
            Recent = delivery?.Recent,
            OnEdge = options.OnEdge,
        };
        if (options.Boot != 0)
            _experience.Open(new SpoolStream(options.Robot, options.Boot));
    }

    /// <summary>Control's newest word about itself.</summary>
    public ref readonly ControlStatus Control => ref _status;

    /// <summary>Records in the spool of the present boot.</summary>
    public long Spooled => _experience.Spool?.Appended ?? 0;

    /// <summary>Greatest sequence that the learner has persisted.</summary>
    public ulong Acknowledged => Link?.Acknowledged ?? 0;

    /// <summary>Sequence up to which a lockstep edge may run.</summary>
    public ulong Granted => Link?.Granted ?? 0;

    /// <summary>The link, once there is a boot to speak for; null without a learner.</summary>
    public EdgeLink? Link => _experience.Link;

    /// <summary>Policies on their way to control, and what became of them.</summary>
    public PolicyDelivery Policies { get; }

    /// <summary>One round: ring to spool, spool to disk, link both ways, new policy through the gate.</summary>
    public void Turn(long nowNs)
    {
        bool isTold = ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        if (_experience.Spool is null && _status.Boot != 0)
            _experience.Open(new SpoolStream(_options.Robot, _status.Boot)); // the link must speak before the first record: without a policy there is none
        _safetyLog?.Drain();
        _experience.Installed = Policies.Installed;
        _experience.Pump(nowNs);
        new AgentStatus { TimeNs = nowNs, LearnerConnected = Link?.State == EdgeLinkState.Connected ? (byte)1 : (byte)0 }.PutInto(_memory.Agent);
        if (isTold)
            Policies.Follow(_status, nowNs);
        if (_options.FollowsStore && nowNs >= _storeDueNs)
        {
            _storeDueNs = nowNs + StoreNs;
            Policies.FollowStore();
        }
        if (_options.OnEdge is { } onEdge)
            Adapt(onEdge);
        if (Link is not null)
            TakePolicies(Link, nowNs);
    }

    /// <summary>Waits for the learner to say something, at most <paramref name="timeoutMs"/>.</summary>
    public void Wait(int timeoutMs) => Link?.Wait(timeoutMs);

    /// <summary>Makes everything recorded durable.</summary>
    public void Commit() => _experience.Spool?.Commit();

    /// <inheritdoc/>
    public void Dispose()
    {
        _experience.Dispose();
        _safetyLog?.Dispose();
    }

    // What was learnt on the edge goes the way of every policy: gate, store, control.
    private void Adapt(OnEdgeLearner onEdge)
    {
        if (Policies.Verified is { } verified)
            onEdge.Follow(verified);
        if (onEdge.TryTakeBundle(out ReadOnlyMemory<byte> bundle, out PolicyIdentity identity))
            Policies.Take(bundle, identity);
    }

    private void TakePolicies(EdgeLink link, long nowNs)
    {
        Policies.Announce(link.Announced, nowNs, _status.Recorded);
        if (link.TryTakePolicy(out ReadOnlyMemory<byte> bundle, out PolicyIdentity announced))
            Policies.Take(bundle, announced, link.PolicyHashes);
        while (Policies.TryTakeReport(out PolicyReport report))
            link.Report(report.Policy, (ushort)report.Refusal.Check, report.Refusal.ToString());
    }
}
