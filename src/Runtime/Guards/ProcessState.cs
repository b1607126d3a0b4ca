namespace Robotics.Runtime.Guards;

/// <summary>What the kernel says of another process.</summary>
public enum ProcessState
{
    /// <summary>It runs, or waits for something.</summary>
    Running,

    /// <summary>A signal stopped it: it does nothing until somebody lets it go on.</summary>
    Stopped,

    /// <summary>It is dead, or dying: none of its instructions is executed any more.</summary>
    Gone,
}
