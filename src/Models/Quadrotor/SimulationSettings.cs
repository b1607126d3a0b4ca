using Robotics.Configuration;

namespace Robotics.Models;

/// <summary>How a quadrotor is simulated: the <c>driver</c> section of a simulated robot's robot.yaml.</summary>
/// <param name="IntegratorRateHz">Fixed Runge-Kutta steps per second.</param>
/// <param name="ForceStdN">Standard deviation of each component of the disturbance force drawn per episode, N, world frame.</param>
/// <param name="TorqueStdNM">Standard deviation of each component of the disturbance torque drawn per episode, N m, body frame.</param>
/// <param name="MaxBodyRate">Greatest commanded body rate, rad/s, of a vehicle with an inner rate loop (<c>command: body_rates</c>); 0 where
/// the rotors themselves are commanded.</param>
public sealed record SimulationSettings(double IntegratorRateHz, double ForceStdN, double TorqueStdNM, double MaxBodyRate = 0)
{
    /// <summary>Reads the <c>driver</c> mapping; problems go to its document.</summary>
    public static SimulationSettings Read(ConfigMap driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        driver.OneOf("model", ["quadrotor", "arm", "servo_arm"]);
        return new SimulationSettings(
            driver.Number("integrator_rate_hz", 10, 100_000),
            driver.Number("disturbance_force_std_n", 0, 1e6),
            driver.Number("disturbance_torque_std_n_m", 0, 1e6),
            driver.OneOf("command", ["rotors", "body_rates"], "rotors") == "body_rates" ? driver.Number("max_body_rate_rad_s", 0.1, 35) : 0);
    }
}
