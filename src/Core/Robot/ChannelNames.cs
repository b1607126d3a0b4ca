namespace Robotics.Core;

/// <summary>Names of the state channels of a rigid body that drivers, tasks and safety rules agree on.</summary>
/// <remarks>World frame and body frame are REP-103 (x forward, y left, z up); orientation is the Hamilton quaternion body to world.</remarks>
public static class ChannelNames
{
    /// <summary>Position of the body in the world, m.</summary>
    public static IReadOnlyList<string> Position { get; } = ["position.x", "position.y", "position.z"];

    /// <summary>Unit Hamilton quaternion, body to world, order w, x, y, z.</summary>
    public static IReadOnlyList<string> Orientation { get; } =
        ["orientation.w", "orientation.x", "orientation.y", "orientation.z"];

    /// <summary>Linear velocity in the world frame, m/s.</summary>
    public static IReadOnlyList<string> LinearVelocity { get; } =
        ["linear_velocity.x", "linear_velocity.y", "linear_velocity.z"];

    /// <summary>Angular velocity in the body frame, rad/s.</summary>
    public static IReadOnlyList<string> AngularVelocity { get; } =
        ["angular_velocity.x", "angular_velocity.y", "angular_velocity.z"];

    /// <summary>Rotor speed state of a simulated quadrotor, in the unit of its thrust curve (rpm or throttle). Privileged.</summary>
    public static IReadOnlyList<string> RotorSpeed { get; } =
        ["rotor_speed.0", "rotor_speed.1", "rotor_speed.2", "rotor_speed.3"];

    /// <summary>Disturbance force on the body, world frame, N. Privileged.</summary>
    public static IReadOnlyList<string> DisturbanceForce { get; } =
        ["disturbance_force.x", "disturbance_force.y", "disturbance_force.z"];

    /// <summary>Disturbance torque on the body, body frame, N m. Privileged.</summary>
    public static IReadOnlyList<string> DisturbanceTorque { get; } =
        ["disturbance_torque.x", "disturbance_torque.y", "disturbance_torque.z"];

    /// <summary>Rotor set-points commanded to a quadrotor, in the unit of its thrust curve; order as declared in robot.yaml.</summary>
    public static IReadOnlyList<string> Rotors { get; } = ["rotor.0", "rotor.1", "rotor.2", "rotor.3"];

    /// <summary>Body rates commanded to an inner rate loop, body frame, rad/s.</summary>
    public static IReadOnlyList<string> BodyRates { get; } = ["body_rate.x", "body_rate.y", "body_rate.z"];

    /// <summary>Collective thrust commanded to an inner loop, 0 (none) to 1 (all rotors at their most).</summary>
    public const string CollectiveThrust = "collective_thrust";

    /// <summary>Orientation commanded to an attitude loop: unit Hamilton quaternion, body to world, order w, x, y, z.</summary>
    public static IReadOnlyList<string> OrientationSetpoint { get; } =
        ["orientation_setpoint.w", "orientation_setpoint.x", "orientation_setpoint.y", "orientation_setpoint.z"];

    /// <summary>Velocity commanded to a velocity loop, world frame, m/s.</summary>
    public static IReadOnlyList<string> VelocitySetpoint { get; } =
        ["velocity_setpoint.x", "velocity_setpoint.y", "velocity_setpoint.z"];

    /// <summary>Yaw rate commanded beside a velocity, rad/s, positive to the left.</summary>
    public const string YawRateSetpoint = "yaw_rate_setpoint";

    /// <summary>Position commanded to a position loop, world frame, m.</summary>
    public static IReadOnlyList<string> PositionSetpoint { get; } =
        ["position_setpoint.x", "position_setpoint.y", "position_setpoint.z"];

    /// <summary>Yaw commanded beside a position, rad, positive to the left of the world's x axis.</summary>
    public const string YawSetpoint = "yaw_setpoint";

    /// <summary>Yaw of an arm's tool, rad, positive to the left of the base's x axis. The tool's tip is the arm's <see cref="Position"/>, in the base frame.</summary>
    public const string Yaw = "yaw";

    /// <summary>Tip of a peg relative to the mouth of its hole, base frame, m; z is the height above the plate and negative inside the hole.</summary>
    public static IReadOnlyList<string> PegToHole { get; } = ["peg_to_hole.x", "peg_to_hole.y", "peg_to_hole.z"];

    /// <summary>Yaw of a peg relative to its hole, rad.</summary>
    public const string PegToHoleYaw = "peg_to_hole.yaw";

    /// <summary>1 where something holds the tool back, else 0.</summary>
    public const string Contact = "contact";

    /// <summary>Emergency-stop chain as a state channel: above 0.5 is stopped.</summary>
    public const string OperatorStop = "operator.stop";

    /// <summary>Arm switch as a state channel: above 0.5 is closed.</summary>
    public const string OperatorArm = "operator.arm";
}
