namespace Robotics.Core;

/// <summary>Who commanded. Stored with every transition.</summary>
public enum ActionSource : byte
{
    /// <summary>Nobody: nothing was proposed.</summary>
    None = 0,

    /// <summary>The baseline controller of the safety supervisor.</summary>
    Baseline = 1,

    /// <summary>The installed policy.</summary>
    Policy = 2,

    /// <summary>A person.</summary>
    Human = 3,
}
