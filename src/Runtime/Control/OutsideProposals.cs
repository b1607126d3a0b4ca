using Robotics.Core;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Steering;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>Control's end of a proposal mailbox: the newest proposal of one outside source, for as long as it may be applied.</summary>
/// <remarks>
/// <para>A proposal ends with the first of: its deadline, its lease, the hold time counted from when control first saw it, a withdrawal, a
/// newer frame that is late. What has ended is never applied again. The hold time bounds what a writer may claim; a writer that died needs
/// no other notice (R24, R25).</para>
/// <para>Control thread only; never blocks, allocates or throws, whatever bytes the mailbox holds.</para>
/// </remarks>
internal sealed class OutsideProposals : IProposalSource
{
    private readonly Mailbox _mailbox;
    private readonly ActionSource _kind;
    private readonly ulong _boot;
    private readonly ActionMapping _action;
    private readonly long _holdNs;
    private readonly ISteering? _steering;
    private readonly float[] _motion = new float[ProposalFrame.MaxValues];
    private readonly byte[] _bytes = new byte[ProposalFrame.MaxBytes];
    private readonly float[] _values;
    private ProposalFrame _frame;
    private ulong _writer;
    private ulong _sequence;
    private long _untilNs;
    private bool _present;

    /// <summary>The source behind <paramref name="mailbox"/>.</summary>
    /// <param name="mailbox">The lane.</param>
    /// <param name="kind">Whose lane it is.</param>
    /// <param name="boot">This start of the control process.</param>
    /// <param name="action">Maps actions of the task to set-points.</param>
    /// <param name="commandLength">Command channels of the robot.</param>
    /// <param name="holdNs">Longest time one proposal is applied, ns: two policy periods of a policy, the lease of a person.</param>
    /// <param name="steering">Turns motions into set-points; null for a lane without motions.</param>
    public OutsideProposals(Mailbox mailbox, ActionSource kind, ulong boot, ActionMapping action, int commandLength, long holdNs, ISteering? steering = null)
    {
        _steering = steering;
        _mailbox = mailbox;
        _kind = kind;
        _boot = boot;
        _action = action;
        _holdNs = holdNs;
        _values = new float[commandLength];
    }

    /// <summary>Proposals taken since start.</summary>
    public long Taken { get; private set; }

    /// <summary>Frames refused since start, late ones included.</summary>
    public long Refused { get; private set; }

    /// <summary>Why the last frame was refused; <see cref="ProposalStatus.Ok"/> where none was.</summary>
    public ProposalStatus LastRefusal { get; private set; }

    /// <inheritdoc/>
    public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
    {
        int length = _mailbox.TryTake(_bytes);
        if (length >= 0)
            Take(_bytes.AsSpan(0, length), nowNs);
        _present &= nowNs <= _untilNs;
        if (!_present)
        {
            _steering?.Follow();
            return false;
        }
        if (_frame.Unit != ProposalUnit.Motion)
            _steering?.Follow();
        else if (!_steering!.TrySteer(_motion.AsSpan(0, _steering.MotionLength), _values))
            return false;
        _values.CopyTo(proposal.Values);
        proposal.Length = _values.Length;
        proposal.Source = _kind;
        proposal.Policy = _frame.Policy;
        proposal.Sequence = (long)_frame.Sequence;
        proposal.SampleTimeNs = _frame.SampleTimeNs;
        proposal.DeadlineNs = _untilNs;
        return true;
    }

    private void Take(ReadOnlySpan<byte> bytes, long nowNs)
    {
        ProposalStatus status = ProposalFrame.TryDecode(bytes, out ProposalFrame frame, out ReadOnlySpan<float> values);
        if (status is ProposalStatus.Ok or ProposalStatus.Withdrawn)
            status = Judge(frame, status, nowNs);
        if (status is ProposalStatus.Ok or ProposalStatus.Withdrawn or ProposalStatus.Late)
        {
            _present = status == ProposalStatus.Ok; // a newer word that is late ends the older one too
            _writer = frame.Writer;
            _sequence = frame.Sequence;
        }
        if (status == ProposalStatus.Ok)
            Apply(frame, values, nowNs);
        else if (status != ProposalStatus.Withdrawn)
        {
            Refused++;
            LastRefusal = status;
        }
    }

    private ProposalStatus Judge(ProposalFrame frame, ProposalStatus form, long nowNs)
    {
        if (frame.Boot != _boot)
            return ProposalStatus.OtherBoot;
        if (frame.Kind != _kind)
            return ProposalStatus.OtherKind;
        if (frame.Writer == _writer && frame.Sequence <= _sequence)
            return ProposalStatus.Repeated;
        if (form == ProposalStatus.Withdrawn)
            return form;
        if (frame.Count != LengthOf(frame.Unit))
            return ProposalStatus.WrongLength;
        if (frame.SampleTimeNs > nowNs)
            return ProposalStatus.FutureSample;
        return nowNs > Math.Min(frame.DeadlineNs, frame.LeaseEndNs) ? ProposalStatus.Late : ProposalStatus.Ok;
    }

    private void Apply(ProposalFrame frame, ReadOnlySpan<float> values, long nowNs)
    {
        if (frame.Unit == ProposalUnit.Action)
            _action.ToCommand(values, _values);
        else
            values.CopyTo(frame.Unit == ProposalUnit.Motion ? _motion : _values);
        _frame = frame;
        _untilNs = Math.Min(nowNs + _holdNs, Math.Min(frame.DeadlineNs, frame.LeaseEndNs));
        Taken++;
    }

    private int LengthOf(ProposalUnit unit) => unit switch
    {
        ProposalUnit.Action => _action.Length,
        ProposalUnit.Motion => _steering?.MotionLength ?? -1,
        _ => _values.Length,
    };
}
