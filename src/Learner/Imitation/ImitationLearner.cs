using Robotics.Core;
using Robotics.Learner.Checkpoints;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Imitation;

/// <summary>Imitates what people did: behaviour cloning on demonstrations, HG-DAgger (Kelly et al. 2019, arXiv:1810.02890) on every step a
/// person drove while the policy flew.</summary>
/// <remarks>L = mean |π(o) - a|² over the human memory. Which steps are in that memory is all that tells the two apart.</remarks>
public sealed unsafe class ImitationLearner : IPolicyLearner
{
    private readonly ImitationOptions _options;
    private readonly ReplayLayout _layout;
    private readonly ReplayBatch _batch;
    private readonly MlpTrace _trace;
    private readonly AdamOptimizer _optimizer;
    private readonly SeededRandom _minibatches;
    private bool _prepared;

    public ImitationLearner(ImitationOptions options, ReplayLayout layout, ulong seed, DenseKernels kernels)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _layout = layout ?? throw new ArgumentNullException(nameof(layout));
        var shape = new MlpShape([layout.ObservationLength, .. options.Hidden, layout.ActionLength], Activation.Relu, Activation.FastTanh);
        Actor = new Mlp(shape, kernels);
        Actor.Initialize(new SeededRandom(seed, "weights"));
        _optimizer = new AdamOptimizer(Actor, options.Adam);
        _batch = new ReplayBatch(layout, options.Batch);
        _trace = new MlpTrace(shape, options.Batch);
        _minibatches = new SeededRandom(seed, "minibatch");
    }

    /// <inheritdoc/>
    public Mlp Actor { get; }

    /// <inheritdoc/>
    public Mlp Published => Actor;

    /// <inheritdoc/>
    public Policies.Activation ActionSquash => Policies.Activation.FastTanh;

    /// <inheritdoc/>
    public long CriticUpdates => 0;

    /// <inheritdoc/>
    public long ActorUpdates => _optimizer.Updates;

    /// <summary>Mean squared error of the last minibatch.</summary>
    public double Loss { get; private set; }

    /// <inheritdoc/>
    public void Step(long step, ReplayMemory replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        if (replay.HumanCount == 0)
            return;
        int updates = _prepared ? _options.UpdatesPerStep : Math.Max(_options.InitialUpdates, _options.UpdatesPerStep);
        _prepared = true;
        for (int i = 0; i < updates; i++)
            Imitate(replay);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[Actor, _optimizer, _batch, _trace])
            part.Dispose();
    }

    void IPolicyLearner.Save(CheckpointWriter writer)
    {
        writer.Write(Actor.Parameters);
        writer.Write(_optimizer.First);
        writer.Write(_optimizer.Second);
        writer.Write(_optimizer.Updates);
        writer.Write(_minibatches);
        writer.Write(_prepared ? 1 : 0);
    }

    void IPolicyLearner.Restore(CheckpointReader reader)
    {
        reader.Read(Actor.Parameters);
        Actor.OnParametersChanged();
        reader.Read(_optimizer.First);
        reader.Read(_optimizer.Second);
        _optimizer.Updates = reader.ReadInt64();
        reader.Read(_minibatches);
        _prepared = reader.ReadInt64() != 0;
    }

    private void Imitate(ReplayMemory replay)
    {
        replay.SampleHuman(_batch, _minibatches, 0, _batch.Size, ReplayParts.Observation | ReplayParts.CriticInput);
        Matrix action = Actor.Forward(_batch.Observation, _trace);
        double squares = 0;
        for (int b = 0; b < _batch.Size; b++)
        {
            ReadOnlySpan<float> shown = _batch.CriticInput.Span(b)[_layout.CriticStateLength..];
            for (int j = 0; j < shown.Length; j++)
            {
                float error = action.Row(b)[j] - shown[j];
                squares += error * error;
                _trace.OutputGradient.Row(b)[j] = 2f / _batch.Size * error;
            }
        }
        Loss = squares / _batch.Size;
        Actor.Backward(_trace, _optimizer.Gradient);
        _optimizer.Step();
    }
}
