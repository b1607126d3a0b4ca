using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;
using Robotics.Tests.Shared;

namespace Robotics.Tasks.Tests;

/// <summary>The hover recipe and variants of it bound to the recipe's own airframe.</summary>
internal static class BatchedQuad
{
    public static QuadrotorParameters Airframe { get; }

    public static SimulationSettings Settings { get; }

    static BatchedQuad()
    {
        ConfigMap root = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", "sim-quad-ltf-crazyflie", "robot.yaml")).Root;
        Airframe = QuadrotorParameters.Read(root.Map("airframe"));
        Settings = SimulationSettings.Read(root.Map("driver"));
    }

    /// <summary>tasks/hover.yaml, or another airframe-independent variant of it that uses every feature and reward shape.</summary>
    public static RobotTask Task(bool variant = false)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tasks", "hover.yaml"));
        if (variant)
        {
            text = text
                .Replace("- { quantity: position, noise_std: 0.001 }", "- { quantity: position, noise_std: 0.001, target: [0.1, -0.2, 0.05], scale: 2 }", StringComparison.Ordinal)
                .Replace("  - { quantity: position }", "  - { quantity: position, target: [0.1, -0.2, 0.05], scale: 2 }", StringComparison.Ordinal)
                .Replace("{ quantity: position, weight: 5,", "{ quantity: position, shape: norm, target: [0.1, -0.2, 0.05], weight: 5,", StringComparison.Ordinal)
                .Replace("{ quantity: linear_velocity, weight: 0.01,", "{ quantity: linear_velocity, shape: outside, radius: 1, weight: 0.01,", StringComparison.Ordinal)
                .Replace("- { quantity: position, max_abs: 0.6 }", "- { quantity: position, radius: 0.6, target: [0.1, -0.2, 0.05] }", StringComparison.Ordinal);
        }
        ConfigDocument document = ConfigDocument.Parse(text, "hover.yaml");
        RobotTask task = RobotTask.Read(document, QuadrotorChannels.State(Airframe), QuadrotorChannels.Command(Airframe));
        document.ThrowIfBad();
        return task;
    }
}
