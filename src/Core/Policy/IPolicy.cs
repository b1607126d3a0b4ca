namespace Robotics.Core;

/// <summary>A verified mapping from observations to actions that flies inside the control process.</summary>
/// <remarks>Control thread only; never allocates, blocks or throws on the tick.</remarks>
public interface IPolicy
{
    /// <summary>Number of observation values it takes.</summary>
    int ObservationLength { get; }

    /// <summary>Number of action values it gives.</summary>
    int ActionLength { get; }

    /// <summary>Which policy this is.</summary>
    PolicyIdentity Identity { get; }

    /// <summary>Forgets recurrent state: called at episode start and at every hand-over.</summary>
    void Reset();

    /// <summary>Computes the action for <paramref name="observation"/> into <paramref name="action"/>, normalised units of the task (usually [-1, 1]).</summary>
    /// <returns>False where it cannot (wrong length): the supervisor then falls to the baseline.</returns>
    bool Act(ReadOnlySpan<float> observation, Span<float> action);
}
