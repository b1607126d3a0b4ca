using Robotics.Core;
using Robotics.Learner.Checkpoints;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Td3;

/// <summary>Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, arXiv:1802.09477) with asymmetric critics.</summary>
/// <remarks>
/// y = r + γ c min_i Q̄_i(s', clip(π̄(o') + clip(ε, ±0.5), ±1)), ε ~ N(0, 0.2); L_i = mean (Q_i(s, a) - y)²; the actor ascends
/// mean Q_1(s, π(o)). s is the critic's (privileged) state, o the policy's observation, c is 0 at terminal states and 1
/// everywhere else, truncation included. Both critics share batch, target and noise, as in the paper.
/// </remarks>
public sealed unsafe class Td3Learner : IPolicyLearner
{
    private readonly Td3Options _options;
    private readonly ReplayLayout _layout;
    private readonly ReplayBatch _batch;
    private readonly MlpTrace _actorTrace;
    private readonly MlpTrace _actorTargetTrace;
    private readonly MlpTrace _criticTrace;
    private readonly MlpTrace _targetTrace;
    private readonly float[] _target;
    private readonly float[] _noise;
    private readonly AdamOptimizer _actorOptimizer;
    private readonly AdamOptimizer[] _criticOptimizers;
    private readonly SeededRandom _minibatches;
    private readonly GaussianNoise _targetNoise;

    public Td3Learner(Td3Options options, ReplayLayout layout, ulong seed, DenseKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(layout);
        _options = options;
        _layout = layout;
        var actor = new MlpShape([layout.ObservationLength, .. options.Hidden, layout.ActionLength], options.HiddenActivation, Activation.FastTanh);
        var critic = new MlpShape([layout.CriticInputLength, .. options.Hidden, 1], options.HiddenActivation, Activation.Identity);
        Actor = new Mlp(actor, kernels);
        ActorTarget = new Mlp(actor, kernels);
        Published = options.ActorAverage > 0 ? new Mlp(actor, kernels) : Actor;
        Critics = [new Mlp(critic, kernels), new Mlp(critic, kernels)];
        CriticTargets = [new Mlp(critic, kernels), new Mlp(critic, kernels)];
        var init = new SeededRandom(seed, "weights");
        foreach (Mlp network in (ReadOnlySpan<Mlp>)[Actor, .. Critics])
            network.Initialize(init);
        ActorTarget.CopyFrom(Actor);
        Published.CopyFrom(Actor);
        for (int i = 0; i < Critics.Count; i++)
            CriticTargets[i].CopyFrom(Critics[i]);
        _actorOptimizer = new AdamOptimizer(Actor, options.Actor);
        _criticOptimizers = [.. Critics.Select(c => new AdamOptimizer(c, options.Critic))];
        _batch = new ReplayBatch(layout, options.Batch);
        _actorTrace = new MlpTrace(actor, options.Batch);
        _actorTargetTrace = new MlpTrace(actor, options.Batch, withGradients: false);
        _criticTrace = new MlpTrace(critic, options.Batch);
        _targetTrace = new MlpTrace(critic, options.Batch, withGradients: false);
        _target = new float[options.Batch];
        _noise = new float[((options.Batch * layout.ActionLength) + 31) / 32 * 32];
        _minibatches = new SeededRandom(seed, "minibatch");
        _targetNoise = new GaussianNoise(new SeededRandom(seed, "target noise"));
    }

    /// <summary>π.</summary>
    public Mlp Actor { get; }

    /// <summary>π̄.</summary>
    public Mlp ActorTarget { get; }

    /// <summary>The actor to publish: π itself, or its running average where the options ask for one.</summary>
    public Mlp Published { get; }

    /// <summary>Q_1, Q_2.</summary>
    public IReadOnlyList<Mlp> Critics { get; }

    /// <summary>Q̄_1, Q̄_2.</summary>
    public IReadOnlyList<Mlp> CriticTargets { get; }

    /// <summary>Critic updates so far.</summary>
    public long CriticUpdates => _criticOptimizers[0].Updates;

    /// <summary>Actor updates so far.</summary>
    public long ActorUpdates => _actorOptimizer.Updates;

    /// <inheritdoc/>
    public Policies.Activation ActionSquash => Policies.Activation.FastTanh;

    /// <inheritdoc/>
    void IPolicyLearner.Save(CheckpointWriter writer) => Save(writer);

    /// <inheritdoc/>
    void IPolicyLearner.Restore(CheckpointReader reader) => Restore(reader);

    /// <inheritdoc/>
    public void Step(long step, ReplayMemory replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        double rate = _options.RateFactor(step);
        if (IsDue(step, _options.CriticEvery, _options.CriticWarmup))
            TrainCritics(replay, rate);
        if (IsDue(step, _options.CriticTargetEvery, _options.CriticWarmup))
            FollowCritics();
        if (IsDue(step, _options.ActorEvery, _options.ActorWarmup))
            TrainActor(step, replay, rate);
        if (IsDue(step, _options.ActorTargetEvery, _options.ActorWarmup))
            ActorTarget.Follow(Actor, (float)_options.Polyak);
    }

    /// <summary>Writes everything that future updates depend on but the replay memory.</summary>
    internal void Save(CheckpointWriter writer)
    {
        foreach (Mlp network in Networks())
            writer.Write(network.Parameters);
        foreach (AdamOptimizer optimizer in (ReadOnlySpan<AdamOptimizer>)[_actorOptimizer, .. _criticOptimizers])
        {
            writer.Write(optimizer.First);
            writer.Write(optimizer.Second);
            writer.Write(optimizer.Updates);
        }
        writer.Write(_minibatches);
        writer.Write(_targetNoise);
    }

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    internal void Restore(CheckpointReader reader)
    {
        foreach (Mlp network in Networks())
        {
            reader.Read(network.Parameters);
            network.OnParametersChanged();
        }
        foreach (AdamOptimizer optimizer in (ReadOnlySpan<AdamOptimizer>)[_actorOptimizer, .. _criticOptimizers])
        {
            reader.Read(optimizer.First);
            reader.Read(optimizer.Second);
            optimizer.Updates = reader.ReadInt64();
        }
        reader.Read(_minibatches);
        reader.Read(_targetNoise);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[.. Networks(), _batch, _actorTrace, _actorTargetTrace, _criticTrace, _targetTrace, _actorOptimizer, .. _criticOptimizers])
            part.Dispose();
    }

    private Mlp[] Networks() => [Actor, ActorTarget, Published, .. Critics, .. CriticTargets];

    private static bool IsDue(long step, int every, long warmup) => step >= warmup && step % every == 0;

    private void TrainCritics(ReplayMemory replay, double rate)
    {
        replay.Sample(_batch, _minibatches, ReplayParts.NextObservation | ReplayParts.CriticInput | ReplayParts.NextCriticInput);
        ChooseTargetActions();
        EvaluateTarget();
        for (int i = 0; i < Critics.Count; i++)
        {
            Matrix q = Critics[i].Forward(_batch.CriticInput, _criticTrace);
            Matrix slope = _criticTrace.OutputGradient;
            for (int b = 0; b < _batch.Size; b++)
                *slope.Row(b) = 2f / _batch.Size * (*q.Row(b) - _target[b]);
            Critics[i].Backward(_criticTrace, _criticOptimizers[i].Gradient);
            _criticOptimizers[i].Step(rate);
        }
    }

    private void ChooseTargetActions()
    {
        Matrix action = ActorTarget.Forward(_batch.NextObservation, _actorTargetTrace);
        _targetNoise.Fill(_noise);
        float sigma = (float)_options.TargetNoise;
        float clip = (float)_options.TargetNoiseClip;
        for (int b = 0; b < _batch.Size; b++)
        {
            float* target = _batch.NextCriticInput.Row(b) + _layout.CriticStateLength;
            for (int j = 0; j < _layout.ActionLength; j++)
            {
                float noise = Clamp(sigma * _noise[(b * _layout.ActionLength) + j], clip);
                target[j] = Clamp(action.Row(b)[j] + noise, 1);
            }
        }
    }

    // Two instructions, where Math.Clamp checks its bounds and branches; NaN goes through, being the second operand.
    private static float Clamp(float value, float limit) => float.MinNative(limit, float.MaxNative(-limit, value));

    private void EvaluateTarget()
    {
        float gamma = (float)_options.Gamma;
        float scale = (float)_options.RewardScale;
        Matrix q1 = CriticTargets[0].Forward(_batch.NextCriticInput, _targetTrace);
        for (int b = 0; b < _batch.Size; b++)
            _target[b] = *q1.Row(b);
        Matrix q2 = CriticTargets[1].Forward(_batch.NextCriticInput, _targetTrace);
        for (int b = 0; b < _batch.Size; b++)
            _target[b] = (scale * _batch.Reward[b]) + (gamma * _batch.Continues[b] * Math.Min(_target[b], *q2.Row(b)));
    }

    private void FollowCritics()
    {
        for (int i = 0; i < Critics.Count; i++)
            CriticTargets[i].Follow(Critics[i], (float)_options.Polyak);
    }

    private void TrainActor(long step, ReplayMemory replay, double rate)
    {
        replay.Sample(_batch, _minibatches, ReplayParts.Observation | ReplayParts.CriticInput);
        Matrix action = Actor.Forward(_batch.Observation, _actorTrace);
        int state = _layout.CriticStateLength;
        for (int b = 0; b < _batch.Size; b++)
            CopyAction(action.Row(b), _batch.CriticInput.Row(b) + state);
        Critics[0].Forward(_batch.CriticInput, _criticTrace);
        Matrix slope = _criticTrace.OutputGradient;
        for (int b = 0; b < _batch.Size; b++)
            *slope.Row(b) = -1f / _batch.Size;
        Critics[0].Backward(_criticTrace, gradient: null, inputFrom: state);
        for (int b = 0; b < _batch.Size; b++)
            CopyAction(_criticTrace.InputGradient.Row(b) + state, _actorTrace.OutputGradient.Row(b));
        Actor.Backward(_actorTrace, _actorOptimizer.Gradient);
        _actorOptimizer.Step(rate);
        if (Published != Actor)
            Published.Follow(Actor, step >= _options.ActorAverageFrom ? (float)_options.ActorAverage : 0);
    }

    private void CopyAction(float* source, float* target)
    {
        for (int j = 0; j < _layout.ActionLength; j++)
            target[j] = source[j];
    }
}
