namespace Robotics.Core;

/// <summary>A driver whose device must be identified, configured and read back before the robot may be armed.</summary>
/// <remarks>The arming checks ask it (R15, R36 of docs/safety.md); control thread.</remarks>
public interface IDeviceReadiness
{
    /// <summary>True where the device is the declared one and its own command timeout was set and read back as declared.</summary>
    bool IsReady { get; }

    /// <summary>The device's own reaction time to lost commands as it was read back, s; infinite where it has none.</summary>
    double CommandTimeoutS { get; }

    /// <summary>True while the device obeys what is written to it: armed, and in the mode that takes set-points. Before that no episode begins.</summary>
    bool IsObeying { get; }

    /// <summary>Where it stands or why it is refused: what was found, what was declared, what to do. Allocates; not on the tick.</summary>
    string Diagnosis { get; }
}
