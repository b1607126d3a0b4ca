using System.Buffers.Binary;
using System.Security.Cryptography;
using Robotics.Core;

namespace Robotics.Runtime.Memory;

/// <summary>The agent's end of a proposal mailbox: how a person or an outside policy proposes to the control process.</summary>
/// <remarks>
/// <para>Whatever is written here is a wish. Control applies it only while its deadline and its lease hold, never longer than two policy
/// periods after it saw it, and the supervisor filters it like any other proposal. So a source that stops, hangs or is killed has lost its
/// authority within two policy periods, and nobody has to notice it. While it wants to keep authority it writes again: once a policy
/// period is right, also with unchanged values.</para>
/// <para>Use: one writer per lane, from one thread of one process.</para>
/// <code>
/// var human = new ProposalWriter(memory.HumanProposals, ActionSource.Human);
/// // every round while the dead man's switch is held; boot is ControlStatus.Boot as control tells it
/// human.Propose(action, ProposalUnit.Action, boot, sampleTimeNs: now, deadlineNs: now + (2 * policyPeriodNs), leaseEndNs);
/// // when it is let go
/// human.Withdraw(boot);
/// </code>
/// <para>Times are CLOCK_MONOTONIC of this machine, ns (in lockstep: the control loop's clock). Allocates nothing after construction.</para>
/// </remarks>
public sealed class ProposalWriter
{
    private readonly Mailbox _mailbox;
    private readonly byte[] _bytes = new byte[ProposalFrame.MaxBytes];
    private readonly ActionSource _kind;
    private readonly ulong _writer;
    private ulong _sequence;

    /// <summary>A writer of <paramref name="kind"/> over its lane, with an identity of its own for this start.</summary>
    /// <param name="mailbox"><see cref="EdgeMemory.HumanProposals"/> or <see cref="EdgeMemory.PolicyProposals"/>.</param>
    /// <param name="kind"><see cref="ActionSource.Human"/> or <see cref="ActionSource.Policy"/>, as the lane.</param>
    public ProposalWriter(Mailbox mailbox, ActionSource kind)
    {
        _mailbox = mailbox ?? throw new ArgumentNullException(nameof(mailbox));
        _kind = kind is ActionSource.Human or ActionSource.Policy
            ? kind : throw new ArgumentException($"{kind} does not propose from outside; a person or a policy does", nameof(kind));
        _writer = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    }

    /// <summary>Proposes <paramref name="values"/> until <paramref name="deadlineNs"/>, replacing what was proposed before.</summary>
    /// <param name="values">At most <see cref="ProposalFrame.MaxValues"/>; any number may be in it, the supervisor judges.</param>
    /// <param name="unit">What they mean.</param>
    /// <param name="boot">The control process it is meant for.</param>
    /// <param name="sampleTimeNs">When the state it answers was measured; for a person: now.</param>
    /// <param name="deadlineNs">Never applied after this.</param>
    /// <param name="leaseEndNs">When the dead man's lease ends; <see cref="long.MaxValue"/> for a source without one.</param>
    /// <param name="policy">The outside policy; nothing for a person.</param>
    public void Propose(
        ReadOnlySpan<float> values, ProposalUnit unit, ulong boot, long sampleTimeNs, long deadlineNs, long leaseEndNs = long.MaxValue, PolicyIdentity policy = default)
    {
        var frame = new ProposalFrame
        {
            Boot = boot,
            Writer = _writer,
            Sequence = ++_sequence,
            SampleTimeNs = sampleTimeNs,
            DeadlineNs = deadlineNs,
            LeaseEndNs = leaseEndNs,
            Policy = policy,
            Kind = _kind,
            Unit = unit,
        };
        int length = ProposalFrame.Encode(frame, values, _bytes);
        _mailbox.TryPut(_bytes.AsSpan(0, length));
    }

    /// <summary>Has nothing to propose any more: the next source has authority from the next tick.</summary>
    public void Withdraw(ulong boot) => Propose([], ProposalUnit.Actuator, boot, 0, 0);
}
