namespace Robotics.Configuration;

/// <summary>Which way a command-line override may move a safety limit. The file is signed off; the command line may only be stricter.</summary>
public enum Tighten
{
    /// <summary>No safety limit: any legal value.</summary>
    Free,

    /// <summary>A maximum: an override may only lower it.</summary>
    OnlyLower,

    /// <summary>A minimum: an override may only raise it.</summary>
    OnlyHigher,
}
