using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Sac;

/// <summary>Soft actor-critic (Haarnoja et al. 2018, arXiv:1812.05905) with an ensemble of critics, demonstrations and a high update
/// ratio where the options ask for them: then it is RLPD (Ball et al. 2023, arXiv:2302.02948).</summary>
/// <remarks>
/// y = r + γ c (min over the subset of Q̄_i(s', a') [- α log π(a')]), a' ~ π(o'); L_i = mean (Q_i(s, a) - y)²; the actor descends
/// mean (α log π(a) - agg_i Q_i(s, a)); α descends -α (log π + H). c is 0 at terminal states only. The work is split over a
/// <see cref="ThreadTeam"/>: critics by number, the actor by rows; results do not depend on timing.
/// </remarks>
public sealed unsafe partial class SacLearner : IPolicyLearner
{
    private readonly SacOptions _options;
    private readonly ReplayLayout _layout;
    private readonly ThreadTeam _team;
    private readonly Mlp[] _critics;
    private readonly Mlp[] _targets;
    private readonly AdamOptimizer _actorOptimizer;
    private readonly AdamOptimizer[] _criticOptimizers;
    private readonly SacScratch _scratch;
    private readonly Temperature _temperature;
    private readonly SeededRandom _minibatches;
    private readonly SeededRandom _subset;
    private readonly GaussianNoise _noise;
    private readonly int[] _order;

    public SacLearner(SacOptions options, ReplayLayout layout, ulong seed, DenseKernels kernels, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(layout);
        (_options, _layout) = (options, layout);
        _team = new ThreadTeam(threads);
        var actor = new MlpShape([layout.ObservationLength, .. options.Hidden, 2 * layout.ActionLength], Activation.Relu, Activation.Identity);
        Normalisation normalisation = options.CriticLayerNorm ? Normalisation.Affine : Normalisation.None;
        var critic = new MlpShape([layout.CriticInputLength, .. options.Hidden, 1], Activation.Relu, Activation.Identity, normalisation);
        var init = new SeededRandom(seed, "weights");
        Actor = new Mlp(actor, kernels);
        Actor.Initialize(init);
        _critics = [.. Enumerable.Range(0, options.Critics).Select(_ => new Mlp(critic, kernels))];
        _targets = [.. Enumerable.Range(0, options.Critics).Select(_ => new Mlp(critic, kernels))];
        for (int i = 0; i < options.Critics; i++)
        {
            _critics[i].Initialize(init);
            _targets[i].CopyFrom(_critics[i]);
        }
        _actorOptimizer = new AdamOptimizer(Actor, options.Actor);
        _criticOptimizers = [.. _critics.Select(c => new AdamOptimizer(c, options.Critic))];
        _scratch = new SacScratch(options, layout, actor, critic, threads);
        _temperature = new Temperature(options.InitialTemperature, options.TemperatureRate, options.TargetEntropyPerAction * layout.ActionLength);
        _minibatches = new SeededRandom(seed, "minibatch");
        _subset = new SeededRandom(seed, "subset");
        _noise = new GaussianNoise(new SeededRandom(seed, "policy noise"));
        _order = [.. Enumerable.Range(0, options.Critics)];
    }

    /// <summary>π: outputs [mean | raw log σ]; the deterministic action is tanh(mean).</summary>
    public Mlp Actor { get; }

    /// <summary>Q_i.</summary>
    public IReadOnlyList<Mlp> Critics => _critics;

    /// <summary>α.</summary>
    public float Temperature => _temperature.Value;

    /// <inheritdoc/>
    public Mlp Published => Actor;

    /// <inheritdoc/>
    public Policies.Activation ActionSquash => Policies.Activation.Tanh;

    /// <inheritdoc/>
    public long ActorUpdates => _actorOptimizer.Updates;

    /// <summary>Critic updates so far (each updates the whole ensemble).</summary>
    public long CriticUpdates => _criticOptimizers[0].Updates;

    /// <summary>σ for one raw output of the head.</summary>
    public static float Deviation(float raw) => SquashedGaussian.Deviation(raw);

    /// <inheritdoc/>
    /// <remarks>With steps of a person every batch is half of them (RLPD, HIL-SERL).</remarks>
    public void Step(long step, ReplayMemory replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        if (step < _options.Warmup || step % _options.TrainEvery != 0 || replay.OnlineCount == 0)
            return;
        for (int i = 1; i <= _options.UpdatesPerStep; i++)
        {
            Gather(replay, actorFollows: i == _options.UpdatesPerStep);
            TrainCritics();
        }
        TrainActor();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        foreach (IDisposable part in (IDisposable[])[Actor, .. _critics, .. _targets, _actorOptimizer, .. _criticOptimizers, _scratch])
            part.Dispose();
    }

    private void Gather(ReplayMemory replay, bool actorFollows)
    {
        ReplayParts parts = ReplayParts.NextObservation | ReplayParts.CriticInput | ReplayParts.NextCriticInput | (actorFollows ? ReplayParts.Observation : 0);
        int online = replay.HumanCount == 0 ? _options.Batch : _options.Batch / 2;
        replay.Sample(_scratch.Batch, _minibatches, 0, online, parts);
        if (online < _options.Batch)
            replay.SampleHuman(_scratch.Batch, _minibatches, online, _options.Batch - online, parts);
    }

    private void TrainCritics()
    {
        SampleActions(_scratch.Batch.NextObservation, _scratch.Batch.NextCriticInput);
        DrawSubset();
        _team.Run(_evaluateTargets ??= EvaluateTargets);
        MakeTarget();
        _team.Run(_fitCritics ??= FitCritics);
    }

    private void TrainActor()
    {
        SampleActions(_scratch.Batch.Observation, _scratch.Batch.CriticInput);
        _temperature.Step(_scratch.Policy.LogProbability);
        _team.Run(_evaluateCritics ??= EvaluateCritics);
        if (!_options.ActorUsesMean)
        {
            _scratch.ChooseLeastCritic(_critics.Length);
            _team.Run(_differentiateCritics ??= DifferentiateCritics);
        }
        else
        {
            _scratch.SumActionSlopes(_critics.Length);
        }
        _scratch.Policy.Backward(_scratch.ActionSlope, _temperature.Value / _options.Batch, _scratch.Head);
        Actor.PrepareBackward();
        _team.Run(_differentiateActor ??= DifferentiateActor);
        _scratch.MergeActorGradients(Actor.Kernels, _actorOptimizer.Gradient);
        _actorOptimizer.Step();
    }

    // Delegates are kept, so that an update allocates nothing.
    private Action<int>? _forwardActor;
    private Action<int>? _evaluateTargets;
    private Action<int>? _fitCritics;
    private Action<int>? _evaluateCritics;
    private Action<int>? _differentiateCritics;
    private Action<int>? _differentiateActor;
    private Matrix _actorInput;

    private void SampleActions(Matrix observation, Matrix criticInput)
    {
        _actorInput = observation;
        _team.Run(_forwardActor ??= ForwardActor);
        _scratch.Policy.Sample(_scratch.Head, _noise);
        float* action = _scratch.Policy.Action;
        for (int b = 0; b < criticInput.Rows; b++)
        {
            float* target = criticInput.Row(b) + _layout.CriticStateLength;
            for (int j = 0; j < _layout.ActionLength; j++)
                target[j] = *action++;
        }
    }

    private void ForwardActor(int member)
    {
        (int start, int count) = _scratch.RowsOf(member);
        Actor.Forward(_actorInput.Slice(start, count), _scratch.ActorTraces[member]).CopyTo(_scratch.Head.Slice(start, count));
    }

    // The first entries of a partial Fisher-Yates shuffle: a subset without replacement.
    private void DrawSubset()
    {
        for (int i = 0; i < _options.TargetSubset; i++)
        {
            int j = i + _subset.NextInt(_order.Length - i);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    private void EvaluateTargets(int member)
    {
        for (int i = member; i < _options.TargetSubset; i += _team.Size)
        {
            Matrix q = _targets[_order[i]].Forward(_scratch.Batch.NextCriticInput, _scratch.CriticTraces[member]);
            _scratch.CopyValues(q, i);
        }
    }

    private void MakeTarget()
    {
        float gamma = (float)_options.Gamma;
        float alpha = _options.BackupEntropy ? _temperature.Value : 0;
        for (int b = 0; b < _options.Batch; b++)
        {
            float least = float.PositiveInfinity;
            for (int i = 0; i < _options.TargetSubset; i++)
                least = MathF.Min(least, _scratch.Values[i][b]);
            float soft = least - (alpha * _scratch.Policy.LogProbability[b]);
            _scratch.Target[b] = _scratch.Batch.Reward[b] + (gamma * _scratch.Batch.Continues[b] * soft);
        }
    }

    private void FitCritics(int member)
    {
        for (int i = member; i < _critics.Length; i += _team.Size)
        {
            MlpTrace trace = _scratch.CriticTraces[member];
            Matrix q = _critics[i].Forward(_scratch.Batch.CriticInput, trace);
            Matrix slope = trace.OutputGradient;
            for (int b = 0; b < q.Rows; b++)
                *slope.Row(b) = 2f / q.Rows * (*q.Row(b) - _scratch.Target[b]);
            _critics[i].Backward(trace, _criticOptimizers[i].Gradient);
            _criticOptimizers[i].Step();
            _targets[i].Follow(_critics[i], (float)_options.Polyak);
        }
    }

    private void EvaluateCritics(int member)
    {
        for (int i = member; i < _critics.Length; i += _team.Size)
        {
            MlpTrace trace = _scratch.ActorPassTrace(i, member);
            Matrix q = _critics[i].Forward(_scratch.Batch.CriticInput, trace);
            if (!_options.ActorUsesMean)
            {
                _scratch.CopyValues(q, i);
                continue;
            }
            Matrix slope = trace.OutputGradient;
            for (int b = 0; b < q.Rows; b++)
                *slope.Row(b) = -1f / (q.Rows * _critics.Length);
            _critics[i].Backward(trace, gradient: null, inputFrom: _layout.CriticStateLength);
            _scratch.CopyActionSlopes(trace.InputGradient, i, _layout.CriticStateLength);
        }
    }

    // The minimum over critics passes its slope to the least of them only: each critic has work on its own rows, all together on one batch.
    private void DifferentiateCritics(int member)
    {
        for (int i = member; i < _critics.Length; i += _team.Size)
        {
            ReadOnlySpan<int> rows = _scratch.RowsWhereLeast(i);
            MlpTrace trace = _scratch.ActorPassTrace(i, member);
            Matrix slope = trace.OutputGradient;
            for (int b = 0; b < rows.Length; b++)
                *slope.Row(b) = -1f / slope.Rows;
            _critics[i].BackwardRows(trace, rows, inputFrom: _layout.CriticStateLength);
            _scratch.SetActionSlopes(trace.InputGradient, rows, _layout.CriticStateLength);
        }
    }

    private void DifferentiateActor(int member)
    {
        (int start, int count) = _scratch.RowsOf(member);
        MlpTrace trace = _scratch.ActorTraces[member];
        _scratch.Head.Slice(start, count).CopyTo(trace.OutputGradient);
        Actor.Backward(trace, _scratch.ActorGradients[member]);
    }
}
