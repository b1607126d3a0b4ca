using System.Globalization;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;

namespace Robotics.Runtime.Campaign;

/// <summary>The robots that the safety campaign flies: a 2 kg quadrotor with limits as tight as a real one's.</summary>
/// <remarks>Airframe: x500 as in hardware/sim-quad-x500-sim (RAPTOR registry, arXiv:2509.11481). The cage's braking figures are those of
/// its baseline with wind of 30 % of the horizontal acceleration at the tilt limit (docs/safety.md, R10).</remarks>
internal static class CampaignRobots
{
    /// <summary>Throttle at which the quadrotor hovers: sqrt(2 kg · 9.81 m/s² / 4 / 8.74 N).</summary>
    public const float Hover = 0.74909f;

    /// <summary>Mass, kg.</summary>
    public const double Mass = 2.0;

    /// <summary>Horizontal acceleration at the baseline's tilt limit of 0.6 rad, m/s²: g·tan 0.6.</summary>
    public const double AvailableAcceleration = 6.71;

    /// <summary>Half the edge of the cage, m.</summary>
    public const double Cage = 8;

    public static string Quadrotor(int rateHz) => Text.Replace("RATE", rateHz.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public static OutwardPilot Pilot(int rateHz)
    {
        var document = ConfigDocument.Parse(Quadrotor(rateHz), "campaign robot");
        using var robot = SimulatedQuadrotor.Read(document.Root.Map("driver"), document.Root.Map("airframe"), new ManualClock(), 1);
        return new OutwardPilot(robot.Parameters, robot.StateChannels, robot.CommandChannels, 1.0 / rateHz);
    }

    private const string Text = """
        robot: campaign-quad
        control_rate_hz: RATE
        driver: {kind: simulated, model: quadrotor, integrator_rate_hz: RATE, disturbance_force_std_n: 0, disturbance_torque_std_n_m: 0}
        airframe:
          mass_kg: 2.0
          gravity_m_s2: 9.81
          inertia_kg_m2: [0.021667, 0.021667, 0.04]
          inverse_inertia_1_kg_m2: [46.15313610559838, 46.15313610559838, 25.0]
          command: {unit: "1", minimum: 0.0, maximum: 1.0}
          every_rotor:
            thrust_curve_n: [0.0, 0.0, 8.74]
            torque_constant_m: 0.11697849
            rise_time_constant_s: 0.03
            fall_time_constant_s: 0.03
          rotors:
            - {position_m: [0.17678, -0.17678, 0.0], torque_direction: [0, 0, -1]}
            - {position_m: [-0.17678, -0.17678, 0.0], torque_direction: [0, 0, 1]}
            - {position_m: [-0.17678, 0.17678, 0.0], torque_direction: [0, 0, -1]}
            - {position_m: [0.17678, 0.17678, 0.0], torque_direction: [0, 0, 1]}
        safety:
          staleness: {position_ms: 100, orientation_ms: 25, linear_velocity_ms: 100, angular_velocity_ms: 10}
          stuck: {angular_velocity_ticks: 20}
          max_tilt_rad: 0.9
          tilt_lead_s: 0.08
          max_speed_m_s: 8
          max_angular_speed_rad_s: 12
          cage: {min_m: [-8, -8, -8], max_m: [8, 8, 8], margin_m: 0.2, braking_acceleration_m_s2: 2.5, latency_s: 0.6}
          commands: {rotor: {max_rate_per_s: 40, max_rate_change_per_s2: 20000}}
        baseline:
          kind: quadrotor_hover
          max_tilt_rad: 0.6
          max_speed_m_s: 1
          recoverable: {max_tilt_rad: 1.2, max_speed_m_s: 2, max_angular_speed_rad_s: 5, rotor_spread: 0.15, settle_s: 6, drift_m: 3.5}
        arming: {automatic: true, checks: []}
        """;
}
