using Robotics.Configuration;

namespace Robotics.Teleop;

/// <summary>How a person may command a robot, from its steering file.</summary>
public sealed record LeaseOptions
{
    /// <summary>How long one frame holds, ns. R13 of docs/safety.md: 100 ms.</summary>
    public long LeaseNs { get; init; } = 100_000_000;

    /// <summary>A frame whose echo is older than this is stale, ns: 100 ms as the networked teleoperation asks, and one period of the
    /// state messages (20 ms) by which an echo is late on the best of links.</summary>
    public long MaxAgeNs { get; init; } = 120_000_000;

    /// <summary>After frames had stopped they must come unbroken for this long before the switch counts again, ns.</summary>
    public long ReentryNs { get; init; } = 200_000_000;

    /// <summary>Priority of whoever is not named.</summary>
    public byte DefaultPriority { get; init; } = 1;

    /// <summary>Priorities by operator; the higher one wins.</summary>
    public IReadOnlyDictionary<string, byte> Priorities { get; init; } = new Dictionary<string, byte>(StringComparer.Ordinal);

    /// <summary>Priority of <paramref name="person"/>.</summary>
    public byte PriorityOf(string person) => Priorities.TryGetValue(person, out byte priority) ? priority : DefaultPriority;

    /// <summary>Reads the keys <c>lease_ms</c>, <c>max_age_ms</c>, <c>reentry_ms</c>, <c>default_priority</c>, <c>operators</c>.</summary>
    public static LeaseOptions Read(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var standard = new LeaseOptions();
        var priorities = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (ConfigMap person in map.Maps("operators", required: false))
            priorities[person.String("name")] = (byte)person.Integer("priority", 0, 255);
        return new LeaseOptions
        {
            LeaseNs = Milliseconds(map, "lease_ms", standard.LeaseNs),
            MaxAgeNs = Milliseconds(map, "max_age_ms", standard.MaxAgeNs),
            ReentryNs = Milliseconds(map, "reentry_ms", standard.ReentryNs),
            DefaultPriority = (byte)map.Integer("default_priority", 0, 255, standard.DefaultPriority),
            Priorities = priorities,
        };
    }

    private static long Milliseconds(ConfigMap map, string key, long fallbackNs) => (long)(1e6 * map.Number(key, 10, 2000, fallbackNs / 1e6));
}
