namespace Robotics.Drivers.Ros2;

/// <summary>What <see cref="FieldReader"/> does with one field on its way through a message.</summary>
internal enum FieldAction
{
    /// <summary>Steps over primitives of known number.</summary>
    SkipFixed,

    /// <summary>Steps over a text.</summary>
    SkipText,

    /// <summary>Steps over a wide text.</summary>
    SkipWideText,

    /// <summary>Stores one number.</summary>
    Store,

    /// <summary>Compares a text with the expected frame.</summary>
    CheckFrame,

    /// <summary>Takes a time as the stamp of the message.</summary>
    Stamp,

    /// <summary>Looks wanted names up in a sequence of texts.</summary>
    FindNames,

    /// <summary>Runs the body once per element of a sequence or array; picked elements of numbers are stored.</summary>
    Elements,

    /// <summary>Runs the body once.</summary>
    Nested,
}
