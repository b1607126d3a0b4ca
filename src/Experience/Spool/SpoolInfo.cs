namespace Robotics.Experience;

/// <summary>What is in a spool or store, for people: counts and ranges, not a verdict (that is <see cref="SpoolVerifier"/>).</summary>
/// <param name="Root">Its folder.</param>
/// <param name="Streams">Its streams, oldest first.</param>
public sealed record SpoolInfo(string Root, IReadOnlyList<StreamInfo> Streams)
{
    /// <summary>Reads every stream below <paramref name="root"/>.</summary>
    /// <exception cref="SpoolException">There is no such folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SpoolInfo Read(string root)
    {
        if (!Directory.Exists(root))
            throw new SpoolException($"no such spool: {root}; give the folder that holds the <robot>-<boot> folders");
        return new SpoolInfo(root, [.. SpoolStream.List(root).Select(s => StreamInfo.Read(root, s))]);
    }
}
