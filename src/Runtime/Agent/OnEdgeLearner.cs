using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Policies.Streaming;
using Robotics.Tasks;

namespace Robotics.Runtime.Agent;

/// <summary>While the learner is out of reach: adapts the last verified policy from the robot's own stream of records (stream-AC) and hands out
/// the results as bundles, which pass the same verification and swap as any other. <c>on_edge: stream-ac</c> in a run file.</summary>
/// <remarks>
/// The agent's thread only; never the control process. It learns from steps that the policy itself flew, unchanged by safety: what a person or
/// the baseline did is not the policy's doing, and ends the trace. The reward is the task's, under the weights at the end of its curriculum,
/// those the policy was trained with. What it learnt is dropped when the learner is back, whose policies come from all the data.
/// Its bundles are of a run of their own (<see cref="RunOf"/>), so no counter of the learner's is ever used twice.
/// </remarks>
public sealed class OnEdgeLearner
{
    private readonly RobotTask _task;
    private readonly TransitionRecord _record;
    private readonly ActionHistory _history;
    private readonly RewardWeights _weights;
    private readonly StreamAcOptions _options;
    private readonly int _publishEvery;
    private readonly ulong _seed;
    private readonly SigningKey? _signer;
    private readonly float[] _observation;
    private readonly float[] _action;
    private PolicyBundle? _base;
    private PolicyBundle? _adapted; // the newest of our own that was verified
    private StreamAcLearner? _learner;
    private PolicyBundle? _bundle;
    private PolicyBundle? _seen;
    private ulong _episode;
    private uint _step;
    private float _reward;
    private bool _isOpen; // a step waits for the observation after it
    private int _known; // steps of this episode that the history holds, or more
    private uint _counter;

    /// <summary>A learner for <paramref name="task"/>.</summary>
    /// <param name="task">What the policy is for.</param>
    /// <param name="schema">Shape of the records.</param>
    /// <param name="seed">Of the fresh critic.</param>
    /// <param name="options">Constants; <see cref="StreamAcOptions.Adapt"/> by default.</param>
    /// <param name="publishEvery">Steps learnt from between two bundles; 1,000 are ten seconds at 100 Hz.</param>
    /// <param name="signer">The robot's own key, for a gate that asks for signatures and trusts it; null for bundles without one. The process keeps it.</param>
    public OnEdgeLearner(RobotTask task, TransitionSchema schema, ulong seed, StreamAcOptions? options = null, int publishEvery = 1000,
        SigningKey? signer = null)
    {
        _task = task ?? throw new ArgumentNullException(nameof(task));
        _record = new TransitionRecord(schema);
        _history = new ActionHistory(task);
        _weights = task.Reward.CurriculumAt(long.MaxValue);
        _options = options ?? StreamAcOptions.Adapt;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(publishEvery);
        (_publishEvery, _seed, _signer) = (publishEvery, seed, signer);
        _observation = new float[task.ObservationLength];
        _action = new float[task.ActionLength];
    }

    /// <summary>Steps learnt from since the learner was lost; 0 while it is in reach.</summary>
    public long Steps => _learner?.Steps ?? 0;

    /// <summary>Bundles made.</summary>
    public long Published { get; private set; }

    /// <summary>Why the present policy is not adapted; empty where it is, or could be.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>The run that on-edge policies of the learner's run <paramref name="run"/> belong to.</summary>
    public static ulong RunOf(ulong run) => Composition.Identity64.Of("on-edge", run.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The newest verified policy: the one to go on from, unless it is one of this learner's own. Cheap where it is the same as before.</summary>
    public void Follow(PolicyBundle verified)
    {
        ArgumentNullException.ThrowIfNull(verified);
        if (ReferenceEquals(verified, _seen))
            return;
        _seen = verified;
        bool isOwn = _learner is not null && verified.Identity.Run == RunOf(_base!.Identity.Run);
        if (isOwn)
        {
            _adapted = verified;
            return;
        }
        Forget();
        _base = verified;
    }

    /// <summary>Learns from one record, where the learner is out of reach.</summary>
    /// <param name="record">Bytes of the record, in the order of the stream.</param>
    /// <param name="isCut">The learner is out of reach.</param>
    public void Take(ReadOnlySpan<byte> record, bool isCut)
    {
        if (!isCut || _base is null)
        {
            Forget();
            return;
        }
        if (Trouble.Length > 0 || TransitionCodec.TryDecode(record, _record, out _) != DecodeStatus.Ok)
            return;
        if (_learner is null && !TryStart())
            return;
        Learn(_learner!);
    }

    /// <summary>The newest adapted policy, once.</summary>
    public bool TryTakeBundle(out ReadOnlyMemory<byte> bundle, out PolicyIdentity identity)
    {
        bundle = _bundle?.Bytes ?? default;
        identity = _bundle?.Identity ?? PolicyIdentity.None;
        _bundle = null;
        return identity.IsSome;
    }

    private void Forget()
    {
        _base = _adapted ?? _base;
        _adapted = null;
        _learner = null;
        _bundle = null;
        _isOpen = false;
        _known = 0;
        Trouble = "";
    }

    private bool TryStart()
    {
        if (StreamAcLearner.TryAdapt(_base!.Manifest.Network, _base.Parameters, _base.Manifest.ExplorationStd, _options, _seed, out _learner, out string problem))
            return true;
        Trouble = $"policy {_base.Identity} is not adapted on the edge: {problem}";
        return false;
    }

    private void Learn(StreamAcLearner learner)
    {
        bool follows = _known > 0 && _record.Episode == _episode && _record.Step == _step + 1;
        if (!follows)
        {
            _history.Reset();
            // A history that begins in the middle of an episode is the policy's own only once it is full.
            _known = _record.Step == 0 ? _task.HistoryLength : 0;
            _isOpen = false;
        }
        (_episode, _step) = (_record.Episode, _record.Step);
        _task.BuildObservation(_record.Frame, _history, _observation);
        if (_isOpen)
            Close(learner, terminated: false, truncated: false);
        bool learns = _known >= _task.HistoryLength && IsPolicys(_record);
        if (learns && !_isOpen)
            learner.Begin(_observation);
        _isOpen = learns;
        Note();
        if (!_record.HasFinal || !_isOpen)
            return;
        _task.BuildObservation(_record.FinalFrame, _history, _observation);
        Close(learner, _record.Terminated, _record.Truncated);
        _isOpen = false;
    }

    private void Note()
    {
        _record.Executed.CopyTo(_action);
        EpisodeOutcome outcome = (_record.Flags & TransitionFlags.Succeeded) != 0 ? EpisodeOutcome.Success
            : _record.Terminated ? EpisodeOutcome.Failure : EpisodeOutcome.Running;
        _reward = _task.Reward.Of(_task.PrivilegedLength > 0 ? _record.Privileged : _record.Frame, _action, outcome, _weights);
        _history.Push(_action);
        _known++;
    }

    private void Close(StreamAcLearner learner, bool terminated, bool truncated)
    {
        learner.Step(_action, _reward, _observation, terminated, truncated);
        if (learner.Steps > _options.CriticOnlySteps && learner.Steps % _publishEvery == 0)
            Publish(learner);
    }

    private void Publish(StreamAcLearner learner)
    {
        learner.Export(out NetworkSpec network, out float[] parameters);
        if (!NetworkImage.AllFinite(parameters))
        {
            Trouble = $"the policy adapted from {_base!.Identity} is no longer finite after {learner.Steps} steps; nothing more is learnt from it";
            return;
        }
        PolicyManifest origin = _base!.Manifest;
        ulong run = RunOf(origin.Identity.Run);
        byte[] bytes = PolicyBundleWriter.Write(
            origin with { Identity = new PolicyIdentity(run, origin.Identity.Epoch, ++_counter, 0), Parent = _base.Identity, Network = network, Score = null },
            parameters, golden: null, _signer);
        if (!PolicyBundle.TryRead(bytes, out _bundle, out BundleRefusal refusal))
            throw new InvalidOperationException($"a bundle just written does not read: {refusal}");
        Published++;
    }

    private static bool IsPolicys(TransitionRecord record) =>
        record.Source == ActionSource.Policy && record.SafetyAction <= SafetyAction.Warn && (record.Flags & TransitionFlags.HasProposed) != 0;
}
