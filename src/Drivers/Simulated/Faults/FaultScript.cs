using System.Text;
using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Drivers;

/// <summary>Faults to inject, in the order they are applied. Immutable.</summary>
/// <remarks>List <c>driver.faults</c> of a simulated robot's robot.yaml:
/// <c>- {kind: freeze, channels: position, from_s: 2, for_s: 0.5}</c>; kinds and amounts: <see cref="FaultKind"/>, docs/safety.md.</remarks>
public sealed class FaultScript
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();
    private static readonly string[] s_names = [.. s_kinds.Select(k => Name(k.ToString()))];

    /// <summary>A script of <paramref name="events"/>.</summary>
    public FaultScript(IReadOnlyList<FaultEvent> events) => Events = events;

    /// <summary>The faults.</summary>
    public IReadOnlyList<FaultEvent> Events { get; }

    /// <summary>Reads a list of faults against the robot's channels; problems go to the document.</summary>
    public static FaultScript Read(IReadOnlyList<ConfigMap> faults, ChannelLayout state, ChannelLayout command)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return new FaultScript([.. faults.Select(f => ReadOne(f, state, command))]);
    }

    private static FaultEvent ReadOne(ConfigMap fault, ChannelLayout state, ChannelLayout command)
    {
        FaultKind kind = s_kinds[Array.IndexOf(s_names, fault.OneOf("kind", s_names))];
        bool actuator = kind is FaultKind.StuckMotor or FaultKind.ThrustLoss or FaultKind.BrownOut;
        ChannelLayout layout = actuator ? command : state;
        string group = fault.String("channels", fallback: "");
        int[] channels = [.. Enumerable.Range(0, layout.Count).Where(i => group.Length == 0 || Belongs(layout[i].Name, group))];
        if (channels.Length == 0)
            fault.AddProblem("channels", $"the robot has no {(actuator ? "command" : "state")} channel '{group}' (it has {string.Join(", ", layout.Select(c => c.Name))})");
        double from = fault.Number("from_s", 0, 1e6, fallback: 0);
        double duration = fault.Number("for_s", 0, 1e6, fallback: 1e6);
        bool needsAmount = kind is FaultKind.Delay or FaultKind.Bias or FaultKind.Spike or FaultKind.Noise or FaultKind.StuckMotor or FaultKind.ThrustLoss
            or FaultKind.BrownOut or FaultKind.ClockStep;
        double amount = needsAmount ? fault.Number("amount", -1e9, 1e9) : 0;
        double probability = fault.Number("probability", 0, 1, fallback: 1);
        return new FaultEvent(kind, channels, (long)(from * 1e9), (long)((from + duration) * 1e9), amount, probability);
    }

    private static bool Belongs(string channel, string group) =>
        channel.StartsWith(group, StringComparison.Ordinal) && (channel.Length == group.Length || channel[group.Length] == '.');

    private static string Name(string kind)
    {
        var text = new StringBuilder();
        foreach (char c in kind)
            text.Append(char.IsUpper(c) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        return text.ToString();
    }
}
