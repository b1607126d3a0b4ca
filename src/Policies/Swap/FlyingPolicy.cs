using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The policy in charge, and how another one takes its place: shadow, takeover at an allowed point, blend, probation, rollback.</summary>
/// <remarks>
/// <para>Per policy period the control thread calls <see cref="TurnStep"/>, <see cref="Act"/> and, once the supervisor has spoken,
/// <see cref="Report"/>; between two periods it may call <see cref="ActBetween"/> as often as it likes. Offers come through its <see cref="PolicySlot"/> from any one thread. Allocates nothing after construction.</para>
/// <para>A candidate that fails its shadow never takes over; one that trips a safety rule on probation loses command in the same period.
/// Either leaves a <see cref="LastVerdict"/>.</para>
/// </remarks>
public sealed class FlyingPolicy : IPolicy
{
    private readonly WatchOptions _options;
    private readonly SeededRandom _exploration;
    private readonly float[] _other;
    private readonly float[] _drawn;
    private readonly Watch _before = new();
    private readonly Watch _probation = new();
    private readonly Watch _episodesBefore = new();
    private readonly Watch _episodes = new();
    private int _shadowStep = -1;
    private double _shadowSquares;
    private int _blendStep;
    private float _weight = 1; // of the policy in charge in this period's action; the rest is its predecessor's
    private int _probationLeft;

    /// <summary>Flies what arrives in <paramref name="slot"/> for a task of these lengths.</summary>
    public FlyingPolicy(PolicySlot slot, int observationLength, int actionLength, WatchOptions options, SeededRandom exploration)
    {
        Slot = slot ?? throw new ArgumentNullException(nameof(slot));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _exploration = exploration ?? throw new ArgumentNullException(nameof(exploration));
        ObservationLength = observationLength;
        ActionLength = actionLength;
        _other = new float[actionLength];
        _drawn = new float[actionLength];
        _blendStep = options.BlendSteps;
    }

    /// <summary>Where offers arrive.</summary>
    public PolicySlot Slot { get; }

    /// <inheritdoc/>
    public int ObservationLength { get; }

    /// <inheritdoc/>
    public int ActionLength { get; }

    /// <inheritdoc/>
    public PolicyIdentity Identity => Slot.Current.Identity;

    /// <summary>True once a policy took over.</summary>
    public bool IsReady => Slot.Current.IsLoaded;

    /// <summary>True while the exploration that the policy's bundle asks for is added.</summary>
    public bool Explore { get; set; }

    /// <summary>True while a candidate runs without authority.</summary>
    public bool IsShadowing => _shadowStep >= 0 && _shadowStep < _options.ShadowSteps;

    /// <summary>True while the policy in charge can still be rolled back by the watch.</summary>
    public bool IsOnProbation => _probationLeft > 0;

    /// <summary>Takeovers since start.</summary>
    public long Installed { get; private set; }

    /// <summary>Candidates refused since start (wrong length, shadow).</summary>
    public long Refused { get; private set; }

    /// <summary>Rollbacks since start.</summary>
    public long RolledBack { get; private set; }

    /// <summary>The latest decision of the watch.</summary>
    public PolicyVerdict LastVerdict { get; private set; }

    /// <summary>Decisions of the watch since start.</summary>
    public long Verdicts { get; private set; }

    /// <summary>A policy period begins: takes an offer up as candidate, and lets a candidate that passed take over where that is allowed.</summary>
    /// <returns>True where another policy took over.</returns>
    public bool TurnStep(bool isAtBoundary)
    {
        if (MayReceive && Slot.TryReceive())
            Receive();
        if (_shadowStep < 0 || IsBlending)
            return false;
        bool isOrdered = Slot.Candidate.Facts.IsOrdered;
        bool hasPassed = _shadowStep >= _options.ShadowSteps || !IsReady || isOrdered;
        bool isAllowed = isAtBoundary || !IsReady || isOrdered || _options.Rule == SwapRule.AnyStep;
        // One on probation is judged to its end first: what it replaced must stay at hand for the rollback. A person's order ends it.
        if (!hasPassed || !isAllowed || (IsOnProbation && !isOrdered))
            return false;
        TakeOver(isAtBoundary);
        return true;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Slot.Current.Reset();
        if (_shadowStep >= 0)
            Slot.Candidate.Reset();
        _blendStep = _options.BlendSteps;
    }

    /// <inheritdoc/>
    public bool Act(ReadOnlySpan<float> observation, Span<float> action)
    {
        if (!Slot.Current.Act(observation, action))
            return false;
        if (IsShadowing)
            Shadow(observation, action);
        _weight = IsBlending ? (float)++_blendStep / (_options.BlendSteps + 1) : 1;
        if (_weight < 1 && Slot.Previous.Act(observation, _other))
            Blend(action);
        return Explored(observation, action);
    }

    /// <summary>As <see cref="Act"/>, between two policy periods: recurrent states stay as they were, shadow and blend do not advance, and the
    /// exploration is the one drawn last.</summary>
    public bool ActBetween(ReadOnlySpan<float> observation, Span<float> action)
    {
        if (!Slot.Current.ActBetween(observation, action))
            return false;
        if (_weight < 1 && Slot.Previous.ActBetween(observation, _other))
            Blend(action);
        for (int i = 0; Explore && i < action.Length; i++)
            action[i] = Math.Clamp(action[i] + _drawn[i], -1f, 1f);
        return true;
    }

    /// <summary>Tells what became of the period's action: the watch counts, and rolls back where it must.</summary>
    /// <param name="isTrip">The supervisor took command away (baseline or worse).</param>
    /// <param name="isIntervention">The supervisor or a person changed the action.</param>
    /// <returns>True where the policy was rolled back: the next action is that of the policy before.</returns>
    public bool Report(bool isTrip, bool isIntervention)
    {
        if (!IsOnProbation)
        {
            _before.Add(isIntervention);
            return false;
        }
        _probation.Add(isIntervention);
        _probationLeft--;
        if (isTrip)
            return RollBack(new PolicyVerdict(Identity, BundleCheck.Canary, 1, 0));
        double limit = _before.Share + _options.MaxInterventionRise;
        if (_probation.Count >= _options.MinJudgedSteps && _probation.Share > limit)
            return RollBack(new PolicyVerdict(Identity, BundleCheck.Canary, _probation.Share, limit));
        if (_probationLeft == 0)
            Note(new PolicyVerdict(Identity, BundleCheck.None, _probation.Share, limit));
        return false;
    }

    /// <summary>Tells how an episode of the policy in charge ended; after the <see cref="Report"/> of its last period.</summary>
    /// <param name="isFailure">In the task's failure.</param>
    /// <returns>True where the policy was rolled back.</returns>
    public bool ReportEpisode(bool isFailure)
    {
        (IsOnProbation ? _episodes : _episodesBefore).Add(isFailure);
        double limit = _episodesBefore.Share + _options.MaxFailureRise;
        return IsOnProbation && _episodes.Count >= _options.MinJudgedEpisodes && _episodes.Share > limit
            && RollBack(new PolicyVerdict(Identity, BundleCheck.TaskFailure, _episodes.Share, limit));
    }

    private bool IsBlending => _blendStep < _options.BlendSteps;

    // A candidate in its shadow, or one that passed and waits for its turn, is judged to its end: else a learner that publishes faster
    // than a shadow lasts would never bring one to power. Without a shadow the newest replaces it; a person's order always does.
    private bool MayReceive => !IsBlending && (_shadowStep < 0 || _options.ShadowSteps == 0 || Slot.IsOfferOrdered);

    private void Receive()
    {
        PolicyNetwork candidate = Slot.Candidate;
        bool fits = candidate.ObservationLength == ObservationLength && candidate.ActionLength == ActionLength;
        _shadowStep = fits ? 0 : -1;
        _shadowSquares = 0;
        if (!fits)
            Refuse(new PolicyVerdict(candidate.Identity, BundleCheck.Shape, candidate.ObservationLength, ObservationLength));
    }

    private void TakeOver(bool isAtBoundary)
    {
        bool hasPredecessor = IsReady;
        Slot.Promote();
        _shadowStep = -1;
        _blendStep = isAtBoundary || !hasPredecessor ? _options.BlendSteps : 0;
        _probationLeft = hasPredecessor && !Slot.Current.Facts.IsOrdered ? _options.ProbationSteps : 0;
        _probation.Clear();
        _episodes.Clear();
        Installed++;
    }

    private void Shadow(ReadOnlySpan<float> observation, ReadOnlySpan<float> action)
    {
        bool acted = Slot.Candidate.Act(observation, _other);
        for (int i = 0; i < _other.Length; i++)
            _shadowSquares += (_other[i] - action[i]) * (_other[i] - action[i]);
        _shadowStep++;
        double divergence = Math.Sqrt(_shadowSquares / ((double)_shadowStep * _other.Length));
        bool isLast = _shadowStep == _options.ShadowSteps;
        if (acted && (!isLast || divergence <= _options.MaxDivergence))
            return;
        _shadowStep = -1;
        Refuse(new PolicyVerdict(Slot.Candidate.Identity, BundleCheck.Shadow, acted ? divergence : double.PositiveInfinity, _options.MaxDivergence));
    }

    private void Blend(Span<float> action)
    {
        for (int i = 0; i < action.Length; i++)
            action[i] = _other[i] + (_weight * (action[i] - _other[i]));
    }

    private bool Explored(ReadOnlySpan<float> observation, Span<float> action)
    {
        if (!Explore)
            return true;
        action.CopyTo(_drawn);
        bool acted = AddExploration(observation, action);
        for (int i = 0; i < action.Length; i++)
            _drawn[i] = action[i] - _drawn[i];
        return acted;
    }

    private bool AddExploration(ReadOnlySpan<float> observation, Span<float> action)
    {
        NetworkImageFacts facts = Slot.Current.Facts;
        // A tanh-Gaussian head explores by its own deviation, but never while its action is being blended in.
        if (facts.Head == PolicyHead.TanhGaussian && !IsBlending && Slot.Current.StateLength == 0)
            return Slot.Current.Sample(observation, action, _exploration);
        if (facts.ExplorationStd == 0)
            return true;
        for (int i = 0; i < action.Length; i++)
            action[i] = Math.Clamp(action[i] + (facts.ExplorationStd * (float)_exploration.NextGaussian()), -1f, 1f);
        return true;
    }

    private bool RollBack(PolicyVerdict verdict)
    {
        Note(verdict);
        _probationLeft = 0;
        _blendStep = _options.BlendSteps;
        if (!Slot.TryRollBack())
            return false;
        RolledBack++;
        return true;
    }

    private void Refuse(PolicyVerdict verdict)
    {
        Note(verdict);
        Refused++;
    }

    private void Note(PolicyVerdict verdict)
    {
        LastVerdict = verdict;
        Verdicts++;
    }

    /// <summary>Share of periods with an intervention, or of episodes that failed.</summary>
    private sealed class Watch
    {
        /// <summary>Older ones are forgotten by halving, so that the share follows the last 1,000 to 2,000.</summary>
        private const int Horizon = 2000;

        private int _bad;

        public int Count { get; private set; }

        public double Share => Count == 0 ? 0 : (double)_bad / Count;

        public void Add(bool isBad)
        {
            Count++;
            _bad += isBad ? 1 : 0;
            if (Count < Horizon)
                return;
            Count /= 2;
            _bad /= 2;
        }

        public void Clear()
        {
            Count = 0;
            _bad = 0;
        }
    }
}
