namespace Robotics.Runtime.Memory;

/// <summary>What control and agent share: records and status up, verified policies and outside proposals down. Layout: docs/formats/shared-memory.md.</summary>
public sealed class EdgeMemory : IDisposable
{
    /// <summary>Least ring for records, bytes, and that of a lockstep run: at 100 Hz and 350 bytes a record it carries an agent's absence of eight minutes.</summary>
    public const int MinRingBytes = 1 << 24;

    /// <summary>Largest network image, bytes: a million weights.</summary>
    public const int MaxImageBytes = 1 << 22;

    private const int TransitionBytes = 1 << 16; // a thousand transitions while the agent is away

    private readonly SharedRegion _region;
    private readonly SharedRegion? _recordRegion;
    private readonly RecordRing? _records;

    private EdgeMemory(SharedRegion region, SharedRegion? recordRegion, RecordRing? records)
    {
        _region = region;
        _recordRegion = recordRegion;
        _records = records;
        Policies = Mailbox.Attach(region, 0, MaxImageBytes);
        Status = Mailbox.Attach(region, StatusOffset, ControlStatus.MaxLength);
        Transitions = RecordRing.Attach(region, TransitionsOffset, TransitionBytes);
        Agent = Mailbox.Attach(region, AgentOffset, AgentStatus.Length);
        Device = Mailbox.Attach(region, DeviceOffset, DeviceReport.MaxLength);
        HumanProposals = Mailbox.Attach(region, HumanOffset, ProposalFrame.MaxBytes);
        PolicyProposals = Mailbox.Attach(region, OutsidePolicyOffset, ProposalFrame.MaxBytes);
    }

    /// <summary>Transitions, control to agent.</summary>
    /// <exception cref="InvalidOperationException">The memory was opened without them.</exception>
    public RecordRing Records => _records ?? throw new InvalidOperationException("this memory was opened to watch, without its records: give the ring's size to Open");

    /// <summary>Network images of verified policies, agent to control.</summary>
    public Mailbox Policies { get; }

    /// <summary><see cref="ControlStatus"/>, control to agent.</summary>
    public Mailbox Status { get; }

    /// <summary><see cref="SafetyEntry"/> for the log, control to agent.</summary>
    public RecordRing Transitions { get; }

    /// <summary><see cref="AgentStatus"/>, agent to control.</summary>
    public Mailbox Agent { get; }

    /// <summary><see cref="DeviceReport"/>, control to agent and to people.</summary>
    public Mailbox Device { get; }

    /// <summary>What a person would like, agent to control; written by a <see cref="ProposalWriter"/>.</summary>
    public Mailbox HumanProposals { get; }

    /// <summary>What a policy outside the control process would like, agent to control; written by a <see cref="ProposalWriter"/>.</summary>
    public Mailbox PolicyProposals { get; }

    private static long StatusOffset => Page(Mailbox.SizeFor(MaxImageBytes));

    private static long HumanOffset => StatusOffset + Page(Mailbox.SizeFor(ControlStatus.MaxLength));

    private static long OutsidePolicyOffset => HumanOffset + Page(Mailbox.SizeFor(ProposalFrame.MaxBytes));

    private static long TransitionsOffset => OutsidePolicyOffset + Page(Mailbox.SizeFor(ProposalFrame.MaxBytes));

    private static long AgentOffset => TransitionsOffset + Page(RecordRing.SizeFor(TransitionBytes));

    private static long DeviceOffset => AgentOffset + Page(Mailbox.SizeFor(AgentStatus.Length));

    private static long TotalBytes => DeviceOffset + Page(Mailbox.SizeFor(DeviceReport.MaxLength));

    /// <summary>Private memory, for a lockstep run.</summary>
    public static EdgeMemory Private()
    {
        SharedRegion records = SharedRegion.Private(RecordRing.SizeFor(MinRingBytes));
        return new EdgeMemory(SharedRegion.Private(TotalBytes), records, RecordRing.Attach(records, 0, MinRingBytes));
    }

    /// <summary>The memory of robot <paramref name="name"/> without its records, for whoever watches or commands.</summary>
    /// <exception cref="IOException">It cannot be opened, or is of another version.</exception>
    public static EdgeMemory Open(string name) => new(SharedRegion.OpenOrCreate(PathOf(name), TotalBytes), null, null);

    /// <summary>The memory of robot <paramref name="name"/>, which outlives both processes, with a ring of <paramref name="ringBytes"/> for records: for control and agent.</summary>
    /// <exception cref="IOException">It cannot be opened, is of another version or configuration, or there is no room for it.</exception>
    public static EdgeMemory Open(string name, int ringBytes)
    {
        (SharedRegion region, RecordRing ring) = RecordFile.Open(RecordsPathOf(name), ringBytes);
        try
        {
            return new EdgeMemory(SharedRegion.OpenOrCreate(PathOf(name), TotalBytes), region, ring);
        }
        catch
        {
            region.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the memory of robot <paramref name="name"/>: only when neither process runs and its records are spooled.</summary>
    public static void Delete(string name)
    {
        File.Delete(PathOf(name));
        File.Delete(RecordsPathOf(name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _region.Dispose();
        _recordRegion?.Dispose();
    }

    private static string RecordsPathOf(string name) => PathOf(name) + ".records";

    private static string PathOf(string name) => $"/dev/shm/robotics-{name}";

    private static long Page(long bytes) => (bytes + 4095) & ~4095L;
}
