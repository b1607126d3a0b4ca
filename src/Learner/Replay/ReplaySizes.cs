using Robotics.Configuration;

namespace Robotics.Learner.Replay;

/// <summary>How large a replay is and where it lies: the run file's <c>replay</c> section.</summary>
/// <param name="Online">Slots of the online partition; an episode takes one more than it has steps.</param>
/// <param name="Human">Slots of the demonstration and of the intervention partition, each.</param>
/// <param name="File">File to map, for replays larger than the machine's memory; null for anonymous memory.</param>
public sealed record ReplaySizes(int Online, int Human, string? File = null)
{
    private const int Most = 1_000_000_000; // slots; indices are 32-bit

    /// <summary>Enough that nothing is overwritten in a run of <paramref name="steps"/> steps.</summary>
    public static ReplaySizes For(long steps)
    {
        // Episodes take one slot more than steps; the shortest average seen in training is about 10 steps, so 1/8 is ample.
        int slots = (int)Math.Min(Most, steps + (steps / 8) + 1024);
        return new ReplaySizes(slots, slots);
    }

    /// <summary>Reads the section over <see cref="For"/>; problems go to its document.</summary>
    /// <param name="map">The section; null where the run file has none.</param>
    /// <param name="steps">Environment steps of the run.</param>
    public static ReplaySizes Read(ConfigMap? map, long steps)
    {
        ReplaySizes whole = For(steps);
        if (map is null)
            return whole;
        int online = (int)map.Integer("capacity_steps", 1024, Most, whole.Online);
        return new ReplaySizes(
            online,
            (int)map.Integer("human_capacity_steps", 1024, Most, online),
            map.Has("file") ? Path.GetFullPath(map.String("file"), map.Document.Folder) : null);
    }
}
