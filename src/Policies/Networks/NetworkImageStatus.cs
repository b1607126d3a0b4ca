namespace Robotics.Policies;

/// <summary>What became of a network image that was to be loaded.</summary>
public enum NetworkImageStatus : byte
{
    /// <summary>Loaded.</summary>
    Ok = 0,

    /// <summary>Shorter or longer than its header says.</summary>
    Length,

    /// <summary>Does not begin with the magic number.</summary>
    Magic,

    /// <summary>A version of the format this build does not know.</summary>
    Version,

    /// <summary>The checksum does not match: torn or corrupt.</summary>
    Checksum,

    /// <summary>The layers do not fit together, or a reserved field is set.</summary>
    Shape,

    /// <summary>A parameter is NaN or infinite.</summary>
    NonFinite,

    /// <summary>The network needs more than the arena of this <see cref="PolicyNetwork"/> holds.</summary>
    Capacity,
}
