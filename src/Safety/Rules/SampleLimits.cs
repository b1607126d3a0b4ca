using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>How old each state channel may be, and which ones may not repeat themselves.</summary>
/// <remarks>Section <c>safety.staleness</c>: <c>position_ms: 100</c>; section <c>safety.stuck</c>: <c>angular_velocity_ticks: 20</c>.
/// Immutable.</remarks>
public sealed class SampleLimits
{
    private const double LongestAgeMs = 10_000; // older than ten seconds no value helps any robot to stay safe

    private SampleLimits(long[] maxAgeNs, int[] stuckTicks)
    {
        MaxAgeNs = maxAgeNs;
        StuckTicks = stuckTicks;
    }

    /// <summary>Greatest age per state channel, ns; <see cref="long.MaxValue"/> for channels no rule speaks about (privileged ones).</summary>
    public IReadOnlyList<long> MaxAgeNs { get; }

    /// <summary>Per state channel, after how many fresh but bit-equal values it counts as stuck; 0 for never.</summary>
    public IReadOnlyList<int> StuckTicks { get; }

    /// <summary>True where every channel that a policy may see has a maximum age.</summary>
    public bool Complete { get; private init; }

    /// <summary>Reads the sections, with every key checked against <paramref name="state"/>.</summary>
    public static SampleLimits Read(ConfigMap safety, ChannelLayout state)
    {
        ArgumentNullException.ThrowIfNull(safety);
        ArgumentNullException.ThrowIfNull(state);
        var ages = new long[state.Count];
        var stuck = new int[state.Count];
        Array.Fill(ages, long.MaxValue);
        ConfigMap staleness = safety.Map("staleness");
        foreach ((string key, int[] channels) in Groups(staleness, state, "_ms"))
        {
            double ms = staleness.Number(key, 0.1, LongestAgeMs, tighten: Tighten.OnlyLower);
            foreach (int channel in channels)
                ages[channel] = (long)(ms * 1e6);
        }
        if (safety.MapOrNull("stuck") is { } section)
        {
            foreach ((string key, int[] channels) in Groups(section, state, "_ticks"))
            {
                int ticks = (int)section.Integer(key, 2, 100_000);
                foreach (int channel in channels)
                    stuck[channel] = ticks;
            }
        }
        string[] without = [.. Enumerable.Range(0, state.Count).Where(i => !state[i].Privileged && ages[i] == long.MaxValue).Select(i => state[i].Name)];
        if (without.Length > 0)
            safety.AddProblem("staleness", $"no maximum age for {string.Join(", ", without)}; every state channel needs one, for example {Prefix(without[0])}_ms: 100");
        return new SampleLimits(ages, stuck) { Complete = without.Length == 0 };
    }

    private static IEnumerable<(string Key, int[] Channels)> Groups(ConfigMap map, ChannelLayout state, string unit)
    {
        foreach (string key in map.Keys.ToArray())
        {
            int[] channels = key.EndsWith(unit, StringComparison.Ordinal) ? ChannelGroup.Find(state, key[..^unit.Length]) : [];
            if (channels.Length > 0)
                yield return (key, channels);
            else if (key.EndsWith(unit, StringComparison.Ordinal) && map.Has(key))
                map.AddProblem(key, $"the robot has no state channel '{key[..^unit.Length]}' (it has {string.Join(", ", state.Select(c => Prefix(c.Name)).Distinct(StringComparer.Ordinal))})");
        }
    }

    private static string Prefix(string channel) => channel.LastIndexOf('.') is > 0 and int dot ? channel[..dot] : channel;
}
