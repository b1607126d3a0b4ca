using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Composition;

namespace Robotics.Cli.Bench;

/// <summary>A policy whose action is the robot's resting command, computed by a network of the size of the hover recipe's actor: what it costs
/// is what a learnt one costs, and nobody has to train it first.</summary>
internal static class RestingPolicy
{
    private const int Hidden = 64;

    /// <summary>Installs it into <paramref name="folder"/>'s bundles for the agent of <paramref name="run"/> to verify and offer.</summary>
    public static void Install(RunDescription run, string folder)
    {
        using RobotRig robot = RobotRig.Load(run, new ManualClock(1), attach: false);
        if (!new PolicyStore(Path.Combine(folder, "bundles")).TryInstall(Bundle(robot), out BundleRefusal refusal))
            throw new FailureException(refusal.ToString());
    }

    /// <summary>The bundle for <paramref name="robot"/>: run 1, epoch 1, counter 1.</summary>
    public static PolicyBundle Bundle(RobotRig robot)
    {
        NetworkSpec spec = NetworkSpec.Mlp([robot.Task.ObservationLength, Hidden, Hidden, robot.Task.ActionLength], Activation.Relu, Activation.Identity);
        var manifest = new PolicyManifest
        {
            Name = "rest",
            Identity = new PolicyIdentity(1, 1, 1, 0),
            SchemaHash = robot.Task.SchemaHash,
            PolicyRateHz = robot.Task.PolicyRateHz,
            Network = spec,
        };
        byte[] bytes = PolicyBundleWriter.Write(manifest, Parameters(spec, RestAction(robot)));
        return PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out BundleRefusal refusal) ? bundle! : throw new FailureException(refusal.ToString());
    }

    /// <summary>The action that keeps <paramref name="robot"/> where it is; zeros where nobody knows it.</summary>
    public static float[] RestAction(RobotRig robot)
    {
        var action = new float[robot.Task.ActionLength];
        if (robot.Driver is IRestingRobot resting)
            robot.Task.Action.ToAction([.. resting.RestCommand.Select(c => (float)c)], action);
        return action;
    }

    // The weights of the last layer are zero, its biases the action; those before are random, so that no arithmetic is cheaper than usual.
    private static float[] Parameters(NetworkSpec spec, float[] action)
    {
        var parameters = new float[spec.ParameterCount];
        var random = new SeededRandom(1, "resting policy");
        foreach (ref float p in parameters.AsSpan())
            p = 0.1f * (float)random.NextGaussian();
        LayerSpec last = spec.Layers[^1];
        parameters.AsSpan(parameters.Length - (int)last.ParameterCount).Clear();
        action.CopyTo(parameters.AsSpan(parameters.Length - action.Length));
        return parameters;
    }
}
