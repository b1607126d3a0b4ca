using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Policies;
using Robotics.Runtime.Composition;

namespace Robotics.Runtime.Ros;

/// <summary>The agent in a ROS 2 graph: pinning a policy and going back to the one before, and the configuration as parameters.</summary>
/// <remarks>It changes the store on disk exactly as <c>robotics policy pin|rollback</c> do; the agent follows its store. So it needs an instance
/// of the store of its own: its services run on the node's thread.</remarks>
public static class AgentPolicyNode
{
    /// <summary>Joins the graph; null where the run does not ask for it.</summary>
    /// <param name="robot">The robot, never flown by this process.</param>
    /// <param name="storeFolder">Where the bundles are.</param>
    /// <param name="clock">Monotonic clock.</param>
    public static AgentNode? Join(RobotRig robot, string storeFolder, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(robot);
        if (robot.Ros2 is not { } settings)
            return null;
        var store = new PolicyStore(storeFolder);
        return new AgentNode(
            settings.Options, settings.AgentName, settings.Namespace, clock, () => Pin(store), () => Unpin(store), () => RollBack(store),
            [.. ConfigurationParameters.Of(robot), FollowLearner(store)]);
    }

    private static (bool Ok, string Message) Pin(PolicyStore store)
    {
        PolicyIdentity installed = store.Installed;
        if (!installed.IsSome)
            return (false, "no policy is installed yet");
        return store.TryPin(installed, out _, out BundleRefusal refusal) ? (true, $"pinned {installed}") : (false, refusal.ToString());
    }

    private static (bool Ok, string Message) Unpin(PolicyStore store) =>
        store.TryUnpin(out BundleRefusal refusal) ? (true, "follows the learner") : (false, refusal.ToString());

    private static (bool Ok, string Message) RollBack(PolicyStore store) =>
        store.TryRollBack(out PolicyBundle? bundle, out BundleRefusal refusal) ? (true, $"rolled back to {bundle!.Identity}") : (false, refusal.ToString());

    private static ParameterDeclaration FollowLearner(PolicyStore store) => new(
        "follow_learner", !store.Pinned.IsSome, "True to install what the learner publishes, false to pin what is installed (as ~/pin_policy).",
        OnSet: value =>
        {
            (bool ok, string message) = (bool)value ? Unpin(store) : Pin(store);
            return ok ? null : message;
        });
}
