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
    private const int FramesPerTurn = 4096; // a long absence's backlog is taken in slices, so that the link stays alive meanwhile

    private readonly EdgeMemory _memory;
    private readonly AgentOptions _options;
    private readonly IEdgeChannel? _channel;
    private readonly PolicyGate _gate;
    private readonly PolicyStore _store;
    private readonly SafetyLog? _safetyLog;
    private SpoolWriter? _spool;
    private EdgeLink? _link;
    private ControlStatus _status;
    private bool _offeredStored;

    /// <summary>An agent over <paramref name="memory"/>.</summary>
    /// <param name="memory">Shared with control.</param>
    /// <param name="options">Where things are kept.</param>
    /// <param name="channel">To the learner; null for a robot that flies on its own.</param>
    /// <param name="gate">What a policy must pass.</param>
    /// <param name="store">Bundles on disk.</param>
    public AgentLoop(EdgeMemory memory, AgentOptions options, IEdgeChannel? channel, PolicyGate gate, PolicyStore store)
    {
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _channel = channel;
        _gate = gate ?? throw new ArgumentNullException(nameof(gate));
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _safetyLog = options.SafetyLog is { } path ? new SafetyLog(memory.Transitions, path) : null;
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

    /// <summary>Policies that passed the gate.</summary>
    public long PoliciesVerified { get; private set; }

    /// <summary>Policies that the gate refused.</summary>
    public long PoliciesRefused { get; private set; }

    /// <summary>Why the last one was refused; empty for none.</summary>
    public string LastRefusal { get; private set; } = "";

    /// <summary>Network image that was offered to control last; empty before the first.</summary>
    public ReadOnlyMemory<byte> LastImage { get; private set; }

    /// <summary>One round: ring to spool, spool to disk, link both ways, new policy through the gate.</summary>
    public void Turn(long nowNs)
    {
        ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        if (_spool is null && _status.Boot != 0)
            Begin(_status.Boot); // the link must speak before the first record: without a policy there is none
        Drain();
        _safetyLog?.Drain();
        _spool?.Pump(nowNs);
        OfferStored();
        new AgentStatus { TimeNs = nowNs, LearnerConnected = _link?.State == EdgeLinkState.Connected ? (byte)1 : (byte)0 }.PutInto(_memory.Agent);
        if (_link is null)
            return;
        _link.Installed = _status.Policy;
        _link.Pump(nowNs);
        if (_link.TryTakePolicy(out ReadOnlySpan<byte> bundle, out PolicyIdentity announced))
            Verify(bundle, announced);
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

    // After a start: what was installed before is verified again and offered at once, learner or not.
    private void OfferStored()
    {
        if (_offeredStored)
            return;
        _offeredStored = true;
        if (!_store.TryReadInstalled(out PolicyBundle? bundle, out _))
            return;
        if (_gate.Check(bundle!, PolicyIdentity.None, out BundleRefusal refusal))
            Offer(bundle!);
        else
            Refuse(refusal);
    }

    private void Verify(ReadOnlySpan<byte> bytes, PolicyIdentity announced)
    {
        if (!PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out BundleRefusal refusal)
            || !_gate.Check(bundle!, _store.Installed, out refusal)
            || !_store.TryInstall(bundle!, out refusal))
        {
            Refuse(refusal);
            return;
        }
        if (bundle!.Identity != announced)
            LastRefusal = $"announced as {announced}, content is {bundle.Identity}";
        Offer(bundle);
    }

    private void Offer(PolicyBundle bundle)
    {
        byte[] image = bundle.ToImage();
        if (!_memory.Policies.TryPut(image))
        {
            PoliciesRefused++;
            LastRefusal = $"policy {bundle.Identity}: image of {image.Length} bytes, control takes {EdgeMemory.MaxImageBytes}";
            return;
        }
        PoliciesVerified++;
        LastImage = image;
    }

    private void Refuse(BundleRefusal refusal)
    {
        PoliciesRefused++;
        LastRefusal = refusal.ToString();
    }
}
