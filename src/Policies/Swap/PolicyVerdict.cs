using System.Globalization;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>What the watch decided about a policy in flight, in numbers: made on the tick, told by the agent.</summary>
/// <param name="Policy">The policy it is about.</param>
/// <param name="Check"><see cref="BundleCheck.None"/> where it passed.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Limit">What is allowed.</param>
public readonly record struct PolicyVerdict(PolicyIdentity Policy, BundleCheck Check, double Value, double Limit)
{
    /// <summary>As a refusal, for people and for the learner. Allocates: not on the tick.</summary>
    public BundleRefusal ToRefusal() =>
        Check == BundleCheck.None
            ? default
            : new BundleRefusal(Check, $"{What} of {Policy}", Value.ToString("G6", CultureInfo.InvariantCulture), Limit.ToString("G6", CultureInfo.InvariantCulture));

    private string What =>
        Check switch
        {
            BundleCheck.Shadow => "root mean square divergence in shadow",
            BundleCheck.Canary when Limit == 0 => "safety trips on probation",
            BundleCheck.Canary => "share of periods with an intervention on probation",
            BundleCheck.TaskFailure => "share of failed episodes on probation",
            BundleCheck.Shape => "observation or action length",
            _ => "a check",
        };
}
