using Robotics.Core;

namespace Robotics.Runtime.Agent;

/// <summary>How far the policy in force is behind the learner: on the edge's own clock and in its own steps, so that no two clocks are compared.</summary>
/// <param name="Announced">The newest policy announced.</param>
/// <param name="BehindNs">Time since the oldest announcement of a policy newer than the one in force arrived; 0 where the newest flies.</param>
/// <param name="BehindSteps">Policy steps recorded since then.</param>
/// <param name="AppliedNs">Time between the arrival of an announcement and that policy in force, for the last one that came to power.</param>
/// <param name="MaxAppliedNs">Greatest of these since start.</param>
/// <param name="LimitNs">Bound of <paramref name="BehindNs"/>; 0 for none.</param>
public readonly record struct PolicyAge(PolicyIdentity Announced, long BehindNs, long BehindSteps, long AppliedNs, long MaxAppliedNs, long LimitNs)
{
    /// <summary>The policy in force is older than the run allows.</summary>
    public bool IsBeyondLimit => LimitNs > 0 && BehindNs > LimitNs;

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"policy in force is {BehindNs / 1e9:F1} s and {BehindSteps} steps behind {Announced}, allowed: {LimitNs / 1e9:F1} s");
}
