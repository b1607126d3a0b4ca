namespace Robotics.Policies;

/// <summary>How much a new policy must show before it flies.</summary>
public enum GateKind : byte
{
    /// <summary>The static checks: for simulators, where a bad policy costs an episode.</summary>
    Training = 0,

    /// <summary>The static checks, the action difference on recent observations, shadow, and a canary window with rollback: for anything real.</summary>
    Deployed = 1,
}
