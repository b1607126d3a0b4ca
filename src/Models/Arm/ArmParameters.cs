using Robotics.Configuration;

namespace Robotics.Models;

/// <summary>Geometry and limits of a six-joint arm of the SO-101 kind: pan, lift, elbow, wrist flex, wrist roll, gripper.</summary>
/// <remarks>Base frame: z up along the pan axis from the table, x forward. Section <c>arm</c> of robot.yaml. Immutable.</remarks>
public sealed record ArmParameters
{
    /// <summary>Joints that move the tool; the gripper is the sixth and does not.</summary>
    public const int ToolJoints = 5;

    /// <summary>All joints.</summary>
    public const int Joints = 6;

    /// <summary>Names of the joints in order, as on the real arm (hardware/so101-arm).</summary>
    public static IReadOnlyList<string> JointNames { get; } =
        ["shoulder_pan", "shoulder_lift", "elbow", "wrist_flex", "wrist_roll", "gripper"];

    /// <summary>Height of the shoulder lift axis over the table, m.</summary>
    public required double ShoulderHeight { get; init; }

    /// <summary>Distance of the shoulder lift axis from the pan axis, m.</summary>
    public required double ShoulderOffset { get; init; }

    /// <summary>Shoulder lift axis to elbow axis, m.</summary>
    public required double UpperArm { get; init; }

    /// <summary>Elbow axis to wrist flex axis, m.</summary>
    public required double Forearm { get; init; }

    /// <summary>Wrist flex axis to the tip of the tool, along the roll axis, m.</summary>
    public required double Tool { get; init; }

    /// <summary>Least angle per joint, rad, [6].</summary>
    public required IReadOnlyList<double> MinAngle { get; init; }

    /// <summary>Greatest angle per joint, rad, [6].</summary>
    public required IReadOnlyList<double> MaxAngle { get; init; }

    /// <summary>Greatest joint speed, rad/s.</summary>
    public required double MaxJointSpeed { get; init; }

    /// <summary>Lower corner of the box that the tip may be in, base frame, m.</summary>
    public required Vector3<double> WorkspaceMin { get; init; }

    /// <summary>Upper corner of the box that the tip may be in, base frame, m.</summary>
    public required Vector3<double> WorkspaceMax { get; init; }

    /// <summary>Greatest tip speed per axis that may be commanded, m/s.</summary>
    public required double MaxTipSpeed { get; init; }

    /// <summary>Greatest yaw rate that may be commanded, rad/s.</summary>
    public required double MaxYawRate { get; init; }

    /// <summary>Greatest yaw of the tool to either side, rad.</summary>
    public required double MaxYaw { get; init; }

    /// <summary>Reads the <c>arm</c> section; problems go to its document.</summary>
    public static ArmParameters Read(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double[] min = map.Vector("min_angle_rad", Joints, -Math.PI, Math.PI);
        double[] max = map.Vector("max_angle_rad", Joints, -Math.PI, Math.PI);
        double[] low = map.Vector("workspace_min_m", 3, -2, 2);
        double[] high = map.Vector("workspace_max_m", 3, -2, 2);
        CheckOrder(map, "min_angle_rad", min, max);
        CheckOrder(map, "workspace_min_m", low, high);
        return new ArmParameters
        {
            ShoulderHeight = map.Number("shoulder_height_m", 0, 2),
            ShoulderOffset = map.Number("shoulder_offset_m", 0, 1),
            UpperArm = map.Number("upper_arm_m", 0.01, 2),
            Forearm = map.Number("forearm_m", 0.01, 2),
            Tool = map.Number("tool_m", 0.01, 2),
            MinAngle = min,
            MaxAngle = max,
            MaxJointSpeed = map.Number("max_joint_speed_rad_s", 0.01, 100),
            WorkspaceMin = new Vector3<double>(low[0], low[1], low[2]),
            WorkspaceMax = new Vector3<double>(high[0], high[1], high[2]),
            MaxTipSpeed = map.Number("max_tip_speed_m_s", 1e-3, 10),
            MaxYawRate = map.Number("max_yaw_rate_rad_s", 1e-3, 100),
            MaxYaw = map.Number("max_yaw_rad", 0.01, Math.PI),
        };
    }

    private static void CheckOrder(ConfigMap map, string key, double[] low, double[] high)
    {
        for (int i = 0; i < low.Length; i++)
        {
            if (map.Has(key) && low[i] >= high[i])
                map.AddProblem(key, $"{key}[{i}] = {low[i]} is not below its upper bound {high[i]}");
        }
    }
}
