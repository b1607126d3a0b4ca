namespace Robotics.Teleop;

/// <summary>What became of a motion frame. Numbers are part of docs/formats/teleop.md.</summary>
public enum FrameVerdict : byte
{
    /// <summary>It counts.</summary>
    Ok = 0,

    /// <summary>Its session is not known here, or its nonce is another's.</summary>
    UnknownSession = 1,

    /// <summary>Its sequence did not grow: a repeated, reordered or recorded frame.</summary>
    Replayed = 2,

    /// <summary>It was made too long ago, as far as its echo proves.</summary>
    Stale = 3,

    /// <summary>It echoes a time that has not been yet.</summary>
    FutureEcho = 4,

    /// <summary>Not as many motions as the hello named.</summary>
    WrongLength = 5,
}
