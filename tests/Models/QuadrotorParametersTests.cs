using Robotics.Configuration;

namespace Robotics.Models.Tests;

public sealed class QuadrotorParametersTests
{
    // Hover throttle and thrust-to-weight ratio as published for each airframe; the Crazyflie of the hover recipe hovers at 14475.8 rpm.
    [Theory]
    [InlineData("ltf-crazyflie", 0.66702, 2.247)]
    [InlineData("crazyflie", 0.8061, 1.47)]
    [InlineData("x500-real", 0.5550, 3.25)]
    [InlineData("x500-sim", 0.7491, 1.78)]
    [InlineData("mrs", 0.5581, 2.69)]
    [InlineData("race", 0.2807, 3.94)]
    [InlineData("flightmare", 0.2462, 12.12)]
    [InlineData("fs", 0.4367, 3.40)]
    [InlineData("soft", 0.4290, 3.31)]
    [InlineData("soft-rigid", 0.3617, 3.32)]
    public void Read_PublishedAirframe_HoversAtThePublishedThrottle(string name, double relativeHover, double thrustToWeight)
    {
        QuadrotorParameters p = HardwareFile.Airframe(name);
        double relative = (p.HoverSetpoint - p.CommandMinimum) / (p.CommandMaximum - p.CommandMinimum);
        Assert.Equal(relativeHover, relative, 3);
        Assert.Equal(thrustToWeight, p.TotalThrustN(p.CommandMaximum) / p.WeightN, 0.006);
        Assert.Equal(p.HoverSetpoint, p.Rotors[0].SpeedFor(p.WeightN / 4), 1e-6 * p.CommandMaximum);
    }

    [Fact]
    public void Read_WrongKeysAndTooFewRotors_ListsAllProblems()
    {
        const string text = """
            airframe:
              mass_g: 27
              gravity_m_s2: 9.81
              inertia_kg_m2: [1.0e-5, 1.0e-5]
              inverse_inertia_1_kg_m2: [1.0e+5, 1.0e+5, 1.0e+5]
              command: {unit: rpm, minimum: 0, maximum: 100}
              every_rotor: {thrust_curve_n: [0, 0, 1], torque_constant_m: 0.01, rise_time_constant_s: 0.1, fall_time_constant_s: -1}
              rotors:
                - {position_m: [0, 0, 0], torque_direction: [0, 0, 1]}
            """;
        var document = ConfigDocument.Parse(text, "robot.yaml");
        QuadrotorParameters.Read(document.Root.Map("airframe"));
        string message = Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message;
        Assert.Contains("robot.yaml:2: airframe.mass_g: wrong unit, write mass_kg", message, StringComparison.Ordinal);
        Assert.Contains("robot.yaml:4: airframe.inertia_kg_m2", message, StringComparison.Ordinal);
        Assert.Contains("fall_time_constant_s: '-1' is not a value in", message, StringComparison.Ordinal);
        Assert.Contains("1 rotors; a quadrotor has 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooHeavyToFly_IsAProblem()
    {
        string text = File.ReadAllText(Path.Combine(Robotics.Tests.Shared.SharedData.RepositoryRoot, "hardware/sim-quad-crazyflie/robot.yaml"));
        var document = ConfigDocument.Parse(text.Replace("mass_kg: 0.0306", "mass_kg: 0.06", StringComparison.Ordinal));
        QuadrotorParameters.Read(document.Root.Map("airframe"));
        Assert.Contains("it cannot fly", Assert.Single(document.Problems).Message, StringComparison.Ordinal);
    }
}
