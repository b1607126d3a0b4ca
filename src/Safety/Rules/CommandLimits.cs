using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>What may be sent to each actuator: envelope, rate, and change of rate, in the channel's own unit.</summary>
/// <remarks>Section <c>safety.commands</c>, one mapping per channel or prefix: <c>rotor: {min: 0, max: 1, max_rate_per_s: 20,
/// max_rate_change_per_s2: 4000}</c>. Without a mapping the actuator's own limits hold and rates are free. Immutable.</remarks>
public sealed class CommandLimits
{
    private CommandLimits(float[] min, float[] max, double[] rate, double[] rateChange)
    {
        Min = min;
        Max = max;
        RatePerS = rate;
        RateChangePerS2 = rateChange;
    }

    /// <summary>Least value per channel.</summary>
    public IReadOnlyList<float> Min { get; }

    /// <summary>Greatest value per channel.</summary>
    public IReadOnlyList<float> Max { get; }

    /// <summary>Greatest change per second; infinite where free.</summary>
    public IReadOnlyList<double> RatePerS { get; }

    /// <summary>Greatest change of the rate per second; infinite where free.</summary>
    public IReadOnlyList<double> RateChangePerS2 { get; }

    /// <summary>True where every channel is bounded.</summary>
    public bool Complete => Min.All(float.IsFinite) && Max.All(float.IsFinite);

    /// <summary>Reads the optional section; its limits may only be inside the actuator's own.</summary>
    public static CommandLimits Read(ConfigMap safety, ChannelLayout command)
    {
        ArgumentNullException.ThrowIfNull(safety);
        ArgumentNullException.ThrowIfNull(command);
        float[] min = [.. command.Select(c => (float)c.Minimum)];
        float[] max = [.. command.Select(c => (float)c.Maximum)];
        double[] rate = [.. command.Select(_ => double.PositiveInfinity)];
        double[] change = [.. command.Select(_ => double.PositiveInfinity)];
        ConfigMap? section = safety.MapOrNull("commands");
        foreach (string key in section?.Keys.ToArray() ?? [])
        {
            foreach (int i in ChannelGroup.Find(command, key))
            {
                ConfigMap limits = section!.Map(key);
                min[i] = (float)limits.Number("min", command[i].Minimum, command[i].Maximum, fallback: command[i].Minimum, Tighten.OnlyHigher);
                max[i] = (float)limits.Number("max", min[i], command[i].Maximum, fallback: command[i].Maximum, Tighten.OnlyLower);
                rate[i] = limits.Number("max_rate_per_s", 1e-9, fallback: double.PositiveInfinity, tighten: Tighten.OnlyLower);
                change[i] = limits.Number("max_rate_change_per_s2", 1e-9, fallback: double.PositiveInfinity, tighten: Tighten.OnlyLower);
            }
        }
        var read = new CommandLimits(min, max, rate, change);
        if (!read.Complete)
            safety.AddProblem("commands", $"no finite limits for {string.Join(", ", command.Where((_, i) => !float.IsFinite(min[i]) || !float.IsFinite(max[i])).Select(c => c.Name))}");
        return read;
    }
}
