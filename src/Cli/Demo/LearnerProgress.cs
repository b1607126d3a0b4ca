using System.Text.Json.Serialization;

namespace Robotics.Cli.Demo;

/// <summary>One line of the learner's standard output under <c>--progress</c>.</summary>
internal sealed record LearnerProgress
{
    /// <summary>Tells the lines of edge and learner apart.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; init; } = "learner";

    /// <summary>Transitions persisted in the store.</summary>
    [JsonPropertyName("stored")]
    public long Stored { get; init; }

    /// <summary>Transitions in the replay.</summary>
    [JsonPropertyName("in_replay")]
    public long InReplay { get; init; }

    /// <summary>Steps in the replay that can never be learnt from, because what followed them was lost.</summary>
    [JsonPropertyName("broken_off")]
    public long BrokenOff { get; init; }

    /// <summary>Critic updates done.</summary>
    [JsonPropertyName("critic_updates")]
    public long CriticUpdates { get; init; }

    /// <summary>Policies published in this epoch.</summary>
    [JsonPropertyName("published")]
    public long Published { get; init; }

    /// <summary>The learner's epoch: grows with each start from a checkpoint.</summary>
    [JsonPropertyName("epoch")]
    public long Epoch { get; init; }

    /// <summary>Frames that could not be decoded or were refused.</summary>
    [JsonPropertyName("bad_frames")]
    public long BadFrames { get; init; }

    /// <summary>Repeats that identity made harmless.</summary>
    [JsonPropertyName("repeats")]
    public long Repeats { get; init; }

    /// <summary>CPU time of the process, s.</summary>
    [JsonPropertyName("cpu_s")]
    public double CpuSeconds { get; init; }

    /// <summary>True on the last line.</summary>
    [JsonPropertyName("done")]
    public bool Done { get; init; }
}
