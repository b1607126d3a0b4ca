namespace Robotics.Learner.Bench.Stream;

/// <summary>A task as a streaming learner meets it: one step after the other, nothing kept.</summary>
public interface IStreamTask
{
    /// <summary>Values of one observation.</summary>
    int ObservationLength { get; }

    /// <summary>Values of one action in [-1, 1].</summary>
    int ActionLength { get; }

    /// <summary>The episode ended in failure: nothing is bootstrapped.</summary>
    bool IsTerminated { get; }

    /// <summary>The episode was cut by its length.</summary>
    bool IsTruncated { get; }

    /// <summary>Steps since the episode began.</summary>
    int EpisodeStep { get; }

    /// <summary>Starts an episode.</summary>
    void Reset();

    /// <summary>Writes the present observation.</summary>
    void Observe(Span<float> observation);

    /// <summary>One step under <paramref name="action"/>, clamped to [-1, 1]; returns the reward.</summary>
    double Step(ReadOnlySpan<float> action);
}
