using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Control;

/// <summary>Builds the record of one policy step while it happens and puts its bytes into the ring when it is over.</summary>
/// <remarks>Control thread only; allocates nothing. A full ring drops the record and counts it (<see cref="Dropped"/>); the identity is
/// spent all the same, so that the gap is visible to whoever counts identities.</remarks>
internal sealed class StepRecorder(TransitionSchema schema, RecordRing? ring, ulong robot, ulong boot)
{
    private readonly TransitionRecord _record = new(schema);
    private readonly int _maxLength = schema.FinalRecordLength;
    private ActionSource _previousSource = ActionSource.None;
    private long _accepted = ring?.Dropped ?? 0; // losses of an earlier flight are not this one's
    private ulong _sequence;
    private int _ticks;
    private int _humanTicks;

    /// <summary>The step in progress; its spans are filled in place.</summary>
    public TransitionRecord Current => _record;

    /// <summary>True between <see cref="Open"/> and <see cref="Close"/>.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Steps recorded since start.</summary>
    public long Recorded => (long)_sequence;

    /// <summary>Steps that found the ring full.</summary>
    public long Dropped => ring?.Dropped ?? 0;

    /// <summary>True where the step that was closed last found no room.</summary>
    public bool HasJustDropped { get; private set; }

    /// <summary>True where steps were lost that no operator has accepted: refuses the next arming (R33).</summary>
    public bool HasLostRecords => Dropped != _accepted;

    /// <summary>An operator accepts what was lost so far.</summary>
    public void AcceptLoss() => _accepted = Dropped;

    /// <summary>Begins step <paramref name="step"/> of <paramref name="episode"/>.</summary>
    public void Open(ulong episode, uint step, long sampleTimeNs, PolicyIdentity policy)
    {
        _record.Identity = new TransitionIdentity(robot, boot, _sequence + 1);
        _record.Episode = episode;
        _record.Step = step;
        _record.Flags = schema.PrivilegedLength > 0 ? TransitionFlags.HasPrivileged : TransitionFlags.None;
        _record.Policy = policy;
        _record.SafetyAction = SafetyAction.Nominal;
        _record.Causes = SafetyCauses.None;
        _record.ClampMask = 0;
        _record.SampleTimeNs = sampleTimeNs;
        _record.CommandTimeNs = 0;
        _record.Source = ActionSource.None;
        if (step == 0)
            _previousSource = ActionSource.None; // marks are the episode's own: what a person did in the one before is over with it
        _record.Proposed.Clear();
        _record.Human.Clear();
        _record.Executed.Clear();
        _ticks = 0;
        _humanTicks = 0;
        IsOpen = true;
    }

    /// <summary>Adds one control tick: who commanded, what the policy gave, what a person gave (empty for nobody) and what the supervisor let
    /// through, in the task's action units.</summary>
    public void AddTick(ActionSource source, ReadOnlySpan<float> proposed, ReadOnlySpan<float> human, ReadOnlySpan<float> executed, SafetySupervisor supervisor, long commandTimeNs)
    {
        if (_ticks++ == 0)
        {
            _record.CommandTimeNs = commandTimeNs;
            _record.Flags |= TransitionFlags.HasProposed;
            proposed.CopyTo(_record.Proposed);
        }
        // A step in which a person commanded for only some ticks is a person's: the policy's action is not what was executed. The baseline
        // outranks both, since what it did belongs to nobody.
        if (_ticks == 1 || source == ActionSource.Baseline || (source == ActionSource.Human && _record.Source != ActionSource.Baseline))
            _record.Source = source;
        if (!human.IsEmpty)
        {
            _record.Flags |= TransitionFlags.HasHuman;
            AddMean(_record.Human, human, ++_humanTicks);
        }
        _record.SafetyAction = (SafetyAction)Math.Max((byte)_record.SafetyAction, (byte)supervisor.Action);
        _record.Causes |= supervisor.Causes;
        _record.ClampMask |= supervisor.ClampedMask;
        AddMean(_record.Executed, executed, _ticks); // a policy period of several ticks records what was executed on average
    }

    /// <summary>Ends the step and hands it to the ring.</summary>
    public void Close(TransitionFlags ending, float reward, uint rewardVersion)
    {
        if (_record.Source == ActionSource.Human && _previousSource != ActionSource.Human)
            _record.Flags |= TransitionFlags.InterventionOnset;
        if (_record.Source != ActionSource.Human && _previousSource == ActionSource.Human)
            _record.Flags |= TransitionFlags.HandBack;
        _previousSource = _record.Source;
        _record.Flags |= ending | TransitionFlags.HasReward;
        _record.Reward = reward;
        _record.RewardVersion = rewardVersion;
        IsOpen = false;
        _sequence++;
        HasJustDropped = false;
        if (ring is null)
            return;
        if (!ring.TryReserve(_maxLength, out Span<byte> frame))
        {
            HasJustDropped = true;
            return;
        }
        ring.Commit(TransitionCodec.Encode(_record, frame));
    }

    /// <summary>Forgets the step in progress: it never ended, so it never was a transition.</summary>
    public void Abandon() => IsOpen = false;

    private static void AddMean(Span<float> mean, ReadOnlySpan<float> value, int count)
    {
        for (int i = 0; i < mean.Length; i++)
            mean[i] += (value[i] - mean[i]) / count;
    }
}
