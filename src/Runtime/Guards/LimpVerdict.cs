namespace Robotics.Runtime.Guards;

/// <summary>What the process that stands by an arm has to do.</summary>
public enum LimpVerdict
{
    /// <summary>Nothing: control is at work, or nothing is powered.</summary>
    StandBy,

    /// <summary>Let the arm go: control is dead.</summary>
    LetGo,

    /// <summary>Kill control, because it may come back, and let the arm go.</summary>
    KillAndLetGo,
}
