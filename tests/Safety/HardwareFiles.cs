using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;
using Robotics.Tests.Shared;

namespace Robotics.Safety.Tests;

/// <summary>The robots under hardware/ as the tests fly them.</summary>
internal static class HardwareFiles
{
    public static TheoryData<string> Quadrotors()
    {
        var names = new TheoryData<string>();
        foreach (string folder in Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "hardware")).Order(StringComparer.Ordinal))
        {
            string file = Path.Combine(folder, "robot.yaml");
            string text = File.Exists(file) ? File.ReadAllText(file) : "";
            // Behind a bus a robot has channels and arming checks of its own; its driver's tests fly it.
            if (text.Contains("kind: simulated", StringComparison.Ordinal) && text.Contains("kind: quadrotor_hover", StringComparison.Ordinal))
                names.Add(Path.GetFileName(folder));
        }
        return names;
    }

    public static ConfigDocument Load(string robot) => ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", robot, "robot.yaml"));

    public static ChannelLayout Commands(QuadrotorParameters p) =>
        new(ChannelNames.Rotors.Select(n => new Channel(n, p.CommandUnit, p.CommandMinimum, p.CommandMaximum)));
}
