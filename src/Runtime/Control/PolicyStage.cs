using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>Observe and act: turns a sample into the policy's proposal once every policy period.</summary>
/// <remarks>Control thread only; allocates nothing after construction. Verified policies arrive through a mailbox and are loaded into the
/// network that is not flying; taking over is an exchange of two references between two steps.</remarks>
internal sealed class PolicyStage
{
    private readonly RobotTask _task;
    private readonly Mailbox _offers;
    private readonly byte[] _image;
    private readonly ActionHistory _history;
    private readonly float[] _observation;
    private readonly float[] _action;
    private readonly SeededRandom _noise;
    private readonly SeededRandom _exploration;
    private readonly bool _swapAtStep;
    private PolicyNetwork _flying;
    private PolicyNetwork _standby;
    private bool _standbyIsNewer;

    public PolicyStage(RobotTask task, PolicyNetwork first, PolicyNetwork second, Mailbox offers, int maxImageBytes, int commandLength, ulong seed, bool swapAtStep)
    {
        _task = task;
        _flying = first;
        _standby = second;
        _offers = offers;
        _image = new byte[maxImageBytes];
        _history = new ActionHistory(task);
        _observation = new float[task.ObservationLength];
        _action = new float[task.ActionLength];
        _noise = new SeededRandom(seed, "observation noise");
        _exploration = new SeededRandom(seed, "exploration");
        _swapAtStep = swapAtStep;
        Proposal = new Proposal(commandLength);
    }

    /// <summary>What the policy would like in this period; absent where it has nothing to say.</summary>
    public Proposal Proposal { get; }

    /// <summary>The policy's action in the task's units, exploration included.</summary>
    public ReadOnlySpan<float> Action => _action;

    /// <summary>True while the policy adds the exploration noise its bundle asks for.</summary>
    public bool Explore { get; set; } = true;

    /// <summary>True while a simulated robot's observations carry the task's noise.</summary>
    public bool ObservationNoise { get; set; } = true;

    /// <summary>True once a verified policy is installed.</summary>
    public bool IsReady => _flying.IsLoaded;

    /// <summary>The policy in charge.</summary>
    public PolicyIdentity Identity => _flying.Identity;

    /// <summary>Policies that took over since start.</summary>
    public long Installed { get; private set; }

    /// <summary>Offers that did not fit this robot's task or memory; the flying policy stayed.</summary>
    public long Refused { get; private set; }

    /// <summary>Writes the frame and the privileged observation of <paramref name="sample"/>; false where a value is not finite.</summary>
    public bool Observe(SensorSample sample, Span<float> frame, Span<float> privileged) =>
        _task.ObserveFrame(sample, ObservationNoise ? _noise : null, frame) & _task.ObservePrivileged(sample, privileged);

    /// <summary>Takes a newly offered policy, at an episode boundary or (where the run says so) at any step.</summary>
    public void SwapIfOffered(bool atBoundary)
    {
        int length = _offers.TryTake(_image);
        if (length >= 0)
        {
            _standbyIsNewer = _standby.TryLoad(_image.AsSpan(0, length))
                && _standby.ObservationLength == _task.ObservationLength
                && _standby.ActionLength == _task.ActionLength;
            if (!_standbyIsNewer)
                Refused++;
        }
        if (!_standbyIsNewer || !(atBoundary || _swapAtStep || !_flying.IsLoaded))
            return;
        (_flying, _standby) = (_standby, _flying);
        _standbyIsNewer = false;
        _flying.Reset();
        Installed++;
    }

    /// <summary>Forgets history and recurrent state: an episode starts.</summary>
    public void BeginEpisode()
    {
        _history.Reset();
        _flying.Reset();
    }

    /// <summary>Computes the proposal from a frame that was just observed.</summary>
    public void Act(ReadOnlySpan<float> frame, long sampleTimeNs)
    {
        _task.BuildObservation(frame, _history, _observation);
        bool acted = _flying.Act(_observation, _action);
        if (Explore)
            AddExploration();
        _task.Action.ToCommand(_action, Proposal.Values);
        Proposal.Length = acted ? Proposal.Values.Length : 0;
        Proposal.Source = ActionSource.Policy;
        Proposal.Policy = _flying.Identity;
        Proposal.SampleTimeNs = sampleTimeNs;
        Proposal.Sequence++;
    }

    /// <summary>Tells what was executed in the step that ended.</summary>
    public void Executed(ReadOnlySpan<float> action) => _history.Push(action);

    // Gaussian, as TD3 and the published recipe; the standard deviation comes with the policy.
    private void AddExploration()
    {
        float std = _flying.Facts.ExplorationStd;
        if (std == 0)
            return;
        for (int i = 0; i < _action.Length; i++)
            _action[i] = Math.Clamp(_action[i] + (std * (float)_exploration.NextGaussian()), -1f, 1f);
    }
}
