using Robotics.Configuration;
using Robotics.Tests.Shared;

namespace Robotics.Models.Tests;

internal static class HardwareFile
{
    public static readonly string[] Airframes =
        ["ltf-crazyflie", "crazyflie", "x500-real", "x500-sim", "mrs", "race", "flightmare", "fs", "soft", "soft-rigid"];

    public static ConfigDocument Load(string robot) =>
        ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", robot, "robot.yaml"));

    public static QuadrotorParameters Airframe(string name)
    {
        var document = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", $"sim-quad-{name}", "robot.yaml"));
        QuadrotorParameters parameters = QuadrotorParameters.Read(document.Root.Map("airframe"));
        Assert.Empty(document.Problems);
        return parameters;
    }
}
