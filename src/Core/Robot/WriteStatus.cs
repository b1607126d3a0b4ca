namespace Robotics.Core;

/// <summary>What became of a command. Ordered by severity.</summary>
public enum WriteStatus
{
    /// <summary>Handed to the device (or to the writer that owns it).</summary>
    Ok,

    /// <summary>The device was busy; the newest command replaces one that had not gone out yet.</summary>
    Replaced,

    /// <summary><c>default(SafeCommand)</c> or one of the wrong length: nothing was sent.</summary>
    Refused,

    /// <summary>The device or the link failed; the device's own command timeout is now what protects.</summary>
    Faulted,
}
