using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>Observe and act: turns a sample into the policy's proposal once every policy period, and tells the policy's watch what became of it.</summary>
/// <remarks>Control thread only; allocates nothing after construction. Verified policies arrive in the slot, laid out by the loader; taking
/// over is an exchange of indices between two steps.</remarks>
internal sealed class PolicyStage
{
    private readonly RobotTask _task;
    private readonly FlyingPolicy _policy;
    private readonly PolicyLoader? _loader;
    private readonly ActionHistory _history;
    private readonly float[] _frame;
    private readonly float[] _observation;
    private readonly float[] _action;
    private readonly SeededRandom _noise;
    private readonly StepTimer _timer;
    private bool _isJudged = true;
    private bool _intervened;

    /// <summary>A stage that flies <paramref name="policy"/>.</summary>
    /// <param name="loader">Loads on this thread, once per policy period (lockstep); null where a thread of its own does.</param>
    /// <param name="timer">Knows when steps are expected.</param>
    public PolicyStage(RobotTask task, FlyingPolicy policy, PolicyLoader? loader, StepTimer timer, int commandLength, ulong seed)
    {
        _task = task;
        _policy = policy;
        _loader = loader;
        _timer = timer;
        _history = new ActionHistory(task);
        _frame = new float[task.FrameLength];
        _observation = new float[task.ObservationLength];
        _action = new float[task.ActionLength];
        _noise = new SeededRandom(seed, "observation noise");
        Proposal = new Proposal(commandLength);
    }

    /// <summary>What the policy would like in this period; absent where it has nothing to say.</summary>
    public Proposal Proposal { get; }

    /// <summary>The policy's action in the task's units, exploration included.</summary>
    public ReadOnlySpan<float> Action => _action;

    /// <summary>True while a simulated robot's observations carry the task's noise.</summary>
    public bool ObservationNoise { get; set; } = true;

    /// <summary>True once a verified policy is installed.</summary>
    public bool IsReady => _policy.IsReady;

    /// <summary>The policy in charge.</summary>
    public PolicyIdentity Identity => _policy.Identity;

    /// <summary>Writes the frame and the privileged observation of <paramref name="sample"/>; false where a value is not finite.</summary>
    public bool Observe(SensorSample sample, Span<float> frame, Span<float> privileged) =>
        _task.ObserveFrame(sample, ObservationNoise ? _noise : null, frame) & _task.ObservePrivileged(sample, privileged);

    /// <summary>A policy period begins: the one that ended is judged, and another policy takes over where it may.</summary>
    public void SwapIfOffered(bool atBoundary)
    {
        Judge(isTrip: false);
        _loader?.TryLoad();
        _policy.TurnStep(atBoundary);
    }

    /// <summary>Tells what the supervisor made of <paramref name="proposal"/> in this tick. A trip on probation takes command from the policy at once.</summary>
    /// <remarks>A person who takes over intervenes; what the supervisor then makes of the person's command is not held against the policy.</remarks>
    public void Watch(SafetyAction action, Proposal proposal)
    {
        bool isOwn = ReferenceEquals(proposal, Proposal);
        _intervened |= proposal.Source == ActionSource.Human || (isOwn && action >= SafetyAction.Clamp);
        if (isOwn && action >= SafetyAction.Baseline)
            Judge(isTrip: true);
    }

    /// <summary>Tells how the episode ended whose last step <paramref name="policy"/> proposed; one that was rolled back meanwhile is judged already.</summary>
    public void EndEpisode(PolicyIdentity policy, bool isFailure)
    {
        Judge(isTrip: false);
        if (policy == _policy.Identity && _policy.ReportEpisode(isFailure))
            Proposal.Clear();
    }

    /// <summary>Forgets history and recurrent state: an episode starts.</summary>
    public void BeginEpisode()
    {
        _history.Reset();
        _policy.Reset();
        _timer.Clear();
    }

    /// <summary>Computes the proposal from a frame that was just observed: a step at the rate the policy was trained at, which advances its recurrent state.</summary>
    public void Act(ReadOnlySpan<float> frame, long sampleTimeNs)
    {
        _task.BuildObservation(frame, _history, _observation);
        _timer.Native(sampleTimeNs);
        _isJudged = false;
        _intervened = false;
        Propose(_policy.Act(_observation, _action), sampleTimeNs);
    }

    /// <summary>Computes the proposal anew between two such steps, from a newer <paramref name="sample"/> and a copy of the recurrent state.
    /// A period in which the policy has nothing to say stays without a proposal.</summary>
    /// <param name="executed">What was executed since the last step, on average.</param>
    public void ActBetween(SensorSample sample, ReadOnlySpan<float> executed)
    {
        if (Proposal.Length == 0)
            return;
        bool observed = _task.ObserveFrame(sample, ObservationNoise ? _noise : null, _frame);
        _task.BuildObservation(_frame, _history, executed, _observation);
        _timer.Intermediate(sample.SampleTimeNs);
        Propose(observed && _policy.ActBetween(_observation, _action), sample.SampleTimeNs);
    }

    private void Propose(bool acted, long sampleTimeNs)
    {
        _task.Action.ToCommand(_action, Proposal.Values);
        Proposal.Length = acted ? Proposal.Values.Length : 0;
        Proposal.Source = ActionSource.Policy;
        Proposal.Policy = _policy.Identity;
        Proposal.SampleTimeNs = sampleTimeNs;
        Proposal.Sequence++;
    }

    /// <summary>Tells what was executed in the step that ended.</summary>
    public void Executed(ReadOnlySpan<float> action) => _history.Push(action);

    // Each period counts once; what a policy proposed before it was rolled back is nobody's proposal any more.
    private void Judge(bool isTrip)
    {
        if (_isJudged)
            return;
        _isJudged = true;
        if (_policy.Report(isTrip, _intervened))
            Proposal.Clear();
    }
}
