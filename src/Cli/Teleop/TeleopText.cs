using Robotics.Core;
using Robotics.Runtime.People;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>What a person at a teleoperation node is told, in words; the same in the terminal, in JSON and on the page.</summary>
internal static class TeleopText
{
    /// <summary>One of <c>held, waiting, released, lost</c>.</summary>
    public static string LeaseOf(TeleopNode node) => node.State?.Lease switch
    {
        LeaseState.Held => "held",
        LeaseState.Waiting or LeaseState.Lapsed or LeaseState.Preempted => "waiting",
        LeaseState.Released => "released",
        _ => "lost",
    };

    /// <summary>How it stands with the lease, and what to do.</summary>
    public static string Sentence(TeleopNode node, InputDevice device)
    {
        if (node.Refusal.Length > 0)
            return $"refused: {node.Refusal}";
        if (node.State is not { } state)
            return node.Trouble.Length > 0 ? $"no word from the robot: {node.Trouble}" : "no word from the robot: is its agent running, and is this its endpoint?";
        return state.Lease switch
        {
            LeaseState.Held => "you command",
            LeaseState.Waiting => $"{state.Holder} commands",
            LeaseState.Lapsed => "frames had stopped: keep holding, or let go and press again",
            LeaseState.Preempted => $"{(state.Holder.Length == 0 ? "a person of higher priority" : state.Holder)} took over: let go first",
            _ when !device.IsPresent => device.Trouble,
            _ => state.Holder.Length == 0 ? "hold the switch to command" : $"{state.Holder} commands",
        };
    }

    /// <summary>Who commands the robot.</summary>
    public static string AuthorityOf(TeleopState? state) => state?.Authority switch
    {
        ActionSource.Human => "person",
        ActionSource.Policy => "policy",
        ActionSource.Baseline => "baseline",
        ActionSource.None => "nobody",
        _ => "unknown",
    };

    /// <summary>Whether the robot may move.</summary>
    public static string ArmingOf(TeleopState? state) => state?.Arming switch
    {
        0 => "disarmed",
        1 => "armed",
        2 => "latched",
        _ => "unknown",
    };

    /// <summary>Safety causes in force; empty for none.</summary>
    public static string CausesOf(TeleopState? state) => state is null || state.Causes == SafetyCauses.None ? "" : state.Causes.ToString();
}
