using Robotics.Learner.Bench.Pendulum;

namespace Robotics.Learner.Bench.Stream;

/// <summary>The pendulum as a stream.</summary>
public sealed class PendulumStreamTask(ulong seed) : IStreamTask
{
    private readonly PendulumSimulation _simulation = new(seed);

    /// <inheritdoc/>
    public int ObservationLength => PendulumSimulation.FrameLength;

    /// <inheritdoc/>
    public int ActionLength => 1;

    /// <inheritdoc/>
    public bool IsTerminated => false;

    /// <inheritdoc/>
    public bool IsTruncated => _simulation.EpisodeStep >= PendulumSimulation.MaxEpisodeSteps;

    /// <inheritdoc/>
    public int EpisodeStep => _simulation.EpisodeStep;

    /// <inheritdoc/>
    public void Reset() => _simulation.Reset();

    /// <inheritdoc/>
    public void Observe(Span<float> observation) => _simulation.Observe(observation);

    /// <inheritdoc/>
    public double Step(ReadOnlySpan<float> action) => _simulation.Step(action[0]);
}
