using Robotics.Core;

namespace Robotics.Policies.Streaming;

/// <summary>Stream-AC(λ) (Elsayed, Vasan, Mahmood 2024, arXiv:2410.14606): learns from each step once, as it happens, with two eligibility
/// traces and no replay, no batch, no target network.</summary>
/// <remarks>
/// <code>
/// δ = r̃ + γ c V(s') - V(s)                      c = 0 where s' is terminal, 1 everywhere else, truncation included
/// z_v ← γλ z_v + ∇V(s)                           z_π ← γλ z_π + ∇[log π(a|s) + η sign(δ) H(π(·|s))]
/// w ← w + α δ z,   α = lr / max(M, 1),  M = lr κ max(|δ|, 1) ‖z‖₁      for actor and critic apart; z ← 0 where the episode ends
/// </code>
/// π is N(μ(s), σ(s)), not squashed: whoever executes the action clamps it. Use: <see cref="Begin"/>, then per step <see cref="Act"/> and
/// <see cref="Step"/>. Costs O(parameters) a step and allocates nothing after construction. Not thread-safe.
/// </remarks>
public sealed unsafe class StreamAcLearner
{
    private readonly StreamAcOptions _options;
    private readonly StreamNetwork _actor;
    private readonly StreamNetwork _critic;
    private readonly StreamHead _head;
    private readonly RunningScale _observations;
    private readonly RewardScale _rewards;
    private readonly NetworkSpec? _adapted; // null for a fresh policy, which observes normalised values
    private readonly float[] _state;
    private readonly float[] _next;
    private readonly float[] _raw;
    private readonly float[] _nextRaw;
    private bool _actorIsEvaluated; // at the present state, with the present weights

    private StreamAcLearner(StreamNetwork actor, StreamHead head, NetworkSpec? adapted, int observationLength, StreamAcOptions options, SeededRandom init, PolicyKernel kernel)
    {
        (_options, _actor, _head, _adapted) = (options, actor, head, adapted);
        _critic = new StreamNetwork([observationLength, .. options.Hidden, 1], Activation.LeakyRelu, Activation.Identity, normalise: true, kernel);
        _critic.InitializeSparse(init, options.Sparsity);
        _observations = new RunningScale(observationLength);
        _rewards = new RewardScale(options.Gamma);
        _state = GC.AllocateArray<float>(observationLength, pinned: true);
        _next = GC.AllocateArray<float>(observationLength, pinned: true);
        _raw = new float[observationLength];
        _nextRaw = new float[observationLength];
    }

    /// <summary>Values of one observation.</summary>
    public int ObservationLength => _state.Length;

    /// <summary>Values of one action.</summary>
    public int ActionLength => _head.Actions;

    /// <summary>Steps learnt from.</summary>
    public long Steps { get; private set; }

    /// <summary>δ of the last step.</summary>
    public float Error { get; private set; }

    /// <summary>A learner that begins from nothing, with the networks of <paramref name="options"/>.</summary>
    public static StreamAcLearner Fresh(int observationLength, int actionLength, StreamAcOptions options, ulong seed, PolicyKernel kernel = PolicyKernel.Auto)
    {
        ArgumentNullException.ThrowIfNull(options);
        var init = new SeededRandom(seed, "weights");
        var actor = new StreamNetwork([observationLength, .. options.Hidden, 2 * actionLength], Activation.LeakyRelu, Activation.Identity, normalise: true, kernel);
        actor.InitializeSparse(init, options.Sparsity);
        var head = new StreamHead(actionLength, fixedDeviation: 0, new SeededRandom(seed, "exploration"));
        for (int i = 0; i < actionLength; i++)
            actor.Weight(actor.LayerCount - 1, actionLength + i, actor.SizeOf(actor.LayerCount - 1).Inputs) = StreamHead.RawOf(options.InitialDeviation);
        return new StreamAcLearner(actor, head, null, observationLength, options, init, kernel);
    }

    /// <summary>A learner that goes on from a policy that flies: the actor is its network, the critic is fresh, σ stays <paramref name="deviation"/>.</summary>
    /// <returns>False where the network is not one that can be adapted; <paramref name="problem"/> says why.</returns>
    public static bool TryAdapt(
        NetworkSpec network, ReadOnlySpan<float> parameters, double deviation, StreamAcOptions options, ulong seed,
        out StreamAcLearner? learner, out string problem, PolicyKernel kernel = PolicyKernel.Auto)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        learner = null;
        if (!StreamPolicy.TryMake(network, parameters, kernel, out StreamNetwork? actor, out problem))
            return false;
        if (!(deviation > 0))
        {
            problem = $"exploration deviation {deviation}: without exploration nothing can be learnt from the stream; it must be above 0";
            return false;
        }
        var head = new StreamHead(network.ActionLength, (float)deviation, new SeededRandom(seed, "exploration"));
        learner = new StreamAcLearner(actor!, head, network, network.ObservationLength, options, new SeededRandom(seed, "weights"), kernel);
        return true;
    }

    /// <summary>An episode starts at <paramref name="observation"/>.</summary>
    public void Begin(ReadOnlySpan<float> observation)
    {
        _actor.Forget();
        _critic.Forget();
        Observe(observation, _state, _raw);
        _actorIsEvaluated = false;
    }

    /// <summary>a ~ π(·|s) into <paramref name="action"/>, not clamped.</summary>
    public void Act(Span<float> action)
    {
        EvaluateActor();
        _head.Sample(_actor.Output, action);
    }

    /// <summary>μ(s) into <paramref name="action"/>.</summary>
    public void Mean(Span<float> action)
    {
        EvaluateActor();
        new ReadOnlySpan<float>(_actor.Output, ActionLength).CopyTo(action);
    }

    /// <summary>Learns from the step that ended: in the present state <paramref name="action"/> was taken, <paramref name="reward"/> followed and
    /// then <paramref name="next"/>, which becomes the present state. After a terminal or truncated step call <see cref="Begin"/>.</summary>
    public void Step(ReadOnlySpan<float> action, float reward, ReadOnlySpan<float> next, bool terminated, bool truncated)
    {
        bool ends = terminated || truncated;
        float scaled = _rewards.Scale(reward, ends);
        Observe(next, _next, _nextRaw);
        (float value, float nextValue) = Values();
        float error = scaled + (terminated ? 0 : (float)_options.Gamma * nextValue) - value;
        float decay = (float)(_options.Gamma * _options.Lambda);
        *_critic.OutputGradient = 1;
        _critic.Trace(decay);
        _critic.Step(error, (float)_options.LearningRate, (float)_options.CriticKappa, ends);
        EvaluateActor();
        _head.Differentiate(_actor.Output, action, (float)_options.EntropyWeight * MathF.Sign(error), _actor.OutputGradient);
        _actor.Trace(decay);
        if (Steps >= _options.CriticOnlySteps)
            _actor.Step(error, (float)_options.LearningRate, (float)_options.ActorKappa, ends);
        else if (ends)
            _actor.Forget();
        _next.AsSpan().CopyTo(_state);
        _nextRaw.AsSpan().CopyTo(_raw);
        _actorIsEvaluated = false;
        Error = error;
        Steps++;
    }

    /// <summary>The policy as it stands: μ, for a bundle. Allocates.</summary>
    public void Export(out NetworkSpec network, out float[] parameters)
    {
        network = _adapted ?? StreamPolicy.SpecOf(_actor, ActionLength);
        parameters = StreamPolicy.Flatten(_actor, network, _observations);
    }

    private void Observe(ReadOnlySpan<float> observation, float[] normal, float[] raw)
    {
        observation.CopyTo(raw);
        fixed (float* p = normal)
            _observations.Normalise(observation, p);
    }

    // V(s) and V(s').
    private (float Value, float NextValue) Values()
    {
        _state.AsSpan().CopyTo(new Span<float>(_critic.Input, _state.Length));
        _next.AsSpan().CopyTo(new Span<float>(_critic.OtherInput, _next.Length));
        _critic.ForwardBoth();
        return (*_critic.Output, *_critic.OtherOutput);
    }

    // Who acts and then learns from that step evaluates once.
    private void EvaluateActor()
    {
        if (_actorIsEvaluated)
            return;
        _actorIsEvaluated = true;
        (_adapted is null ? _state : _raw).AsSpan().CopyTo(new Span<float>(_actor.Input, _state.Length));
        _actor.Forward();
    }
}
