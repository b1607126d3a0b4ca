namespace Robotics.Learner.Replay;

/// <summary>One step of the environment as the learner ingests it. Views only; nothing is kept.</summary>
public readonly ref struct EnvironmentStep
{
    /// <summary>Per-step observation the policy saw (noise included), without the action history.</summary>
    public ReadOnlySpan<float> Frame { get; init; }

    /// <summary>Privileged observation of the same state; empty where the task has none.</summary>
    public ReadOnlySpan<float> Privileged { get; init; }

    /// <summary>All camera images of the step, one after the other; empty where the task has none.</summary>
    public ReadOnlySpan<byte> Image { get; init; }

    /// <summary>The action executed, after safety, in [-1, 1].</summary>
    public ReadOnlySpan<float> Action { get; init; }

    /// <summary>Steps since the episode began; 0 begins one.</summary>
    public int EpisodeStep { get; init; }

    /// <summary>What this robot did before is not the step before it: records between them were lost.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>The next state is terminal: nothing is bootstrapped from it.</summary>
    public bool Terminated { get; init; }

    /// <summary>The next state is terminal because the task is done.</summary>
    public bool Succeeded { get; init; }

    /// <summary>A person took over with this step: what was done in the step before it caused that.</summary>
    public bool InterventionOnset { get; init; }

    /// <summary>The episode was cut by time: its value goes on and is bootstrapped.</summary>
    public bool Truncated { get; init; }

    /// <summary>The episode ends here and none of its steps is to be learnt from: a person asked to record it again.</summary>
    public bool Discarded { get; init; }

    /// <summary>Last frame of the episode; read where <see cref="Terminated"/> or <see cref="Truncated"/>.</summary>
    public ReadOnlySpan<float> FinalFrame { get; init; }

    /// <summary>Last privileged observation of the episode; read where <see cref="Terminated"/> or <see cref="Truncated"/>.</summary>
    public ReadOnlySpan<float> FinalPrivileged { get; init; }

    /// <summary>Last images of the episode; read where <see cref="Terminated"/> or <see cref="Truncated"/>.</summary>
    public ReadOnlySpan<byte> FinalImage { get; init; }
}
