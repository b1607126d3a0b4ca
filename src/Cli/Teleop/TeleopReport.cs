using Robotics.Runtime.People;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>What a teleoperation node knows, as one line for machines: <c>robotics teleop --json</c>, and what its page gets.</summary>
internal sealed record TeleopReport(
    double T, string Robot, string Lease, string Text, string Authority, string Action, string Causes, string Arming, double? Distance, long Episodes, long Ticks,
    long Sent, long Accepted, long Refused, string LastRefusal)
{
    /// <summary>The report of <paramref name="node"/> at <paramref name="nowNs"/>.</summary>
    public static TeleopReport Of(TeleopNode node, InputDevice device, long nowNs)
    {
        TeleopState? state = node.State;
        return new TeleopReport(
            nowNs * 1e-6, node.Robot, TeleopText.LeaseOf(node), TeleopText.Sentence(node, device), TeleopText.AuthorityOf(state), state?.Action.ToString() ?? "unknown",
            TeleopText.CausesOf(state), TeleopText.ArmingOf(state), state is null || !float.IsFinite(state.DistanceM) ? null : state.DistanceM, state?.Episodes ?? 0,
            state?.Ticks ?? 0, node.Sent, state?.Accepted ?? 0, state?.Refused ?? 0, state is null || state.Refused == 0 ? "" : state.LastRefusal.ToString());
    }

    /// <summary>One line for a terminal.</summary>
    public override string ToString() =>
        $"{(Robot.Length == 0 ? "no robot" : Robot)} | {Text} | commands: {Authority} | safety: {Action}{(Causes.Length == 0 ? "" : $" ({Causes})")} | {Arming}"
        + (Distance is { } d ? FormattableString.Invariant($" | {d:F2} m from target") : "") + (Refused > 0 ? $" | {Refused} frames refused, last {LastRefusal}" : "");
}
