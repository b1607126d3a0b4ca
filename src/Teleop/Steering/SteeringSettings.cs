using Robotics.Configuration;

namespace Robotics.Teleop;

/// <summary>How people steer one robot: its motions, how fast they may be, and the terms of the lease. Read strictly from <c>hardware/ROBOT/teleop/steering.yaml</c>.</summary>
public sealed record SteeringSettings
{
    private static readonly string[] s_velocityMotions = ["forward", "left", "up", "turn"];

    /// <summary>What motions mean.</summary>
    public required SteeringKind Kind { get; init; }

    /// <summary>Names of the motions, in their order.</summary>
    public required IReadOnlyList<string> Motions { get; init; }

    /// <summary>Horizontal speed at full deflection, m/s (velocity).</summary>
    public double MaxSpeed { get; init; }

    /// <summary>Vertical speed at full deflection, m/s (velocity).</summary>
    public double MaxClimb { get; init; }

    /// <summary>Turn rate at full deflection, rad/s (velocity).</summary>
    public double MaxTurn { get; init; }

    /// <summary>Action value at full deflection, 0..1 (action).</summary>
    public double ActionScale { get; init; } = 1;

    /// <summary>Terms of the lease.</summary>
    public LeaseOptions Lease { get; init; } = new();

    /// <summary>Folder of the file: the mappings of the robot's devices lie beside it.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Reads <paramref name="document"/>; problems are collected in it.</summary>
    public static SteeringSettings Read(ConfigDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        ConfigMap root = document.Root;
        bool velocity = root.OneOf("steering", ["velocity", "action"]) == "velocity";
        string[] motions = velocity ? s_velocityMotions : root.Strings("motions");
        if (motions.Length is 0 or > TeleopMessage.MaxMotions)
            root.AddProblem("motions", $"{motions.Length} motions; a robot has 1 to {TeleopMessage.MaxMotions}");
        return new SteeringSettings
        {
            Kind = velocity ? SteeringKind.Velocity : SteeringKind.Action,
            Motions = motions,
            MaxSpeed = velocity ? root.Number("max_speed_m_s", 0.01, 50) : 0,
            MaxClimb = velocity ? root.Number("max_climb_m_s", 0.01, 50) : 0,
            MaxTurn = velocity ? root.Number("max_turn_rad_s", 0.01, 20) : 0,
            ActionScale = velocity ? 1 : root.Number("action_scale", 0.001, 1, 1),
            Lease = LeaseOptions.Read(root),
            Folder = document.Folder,
        };
    }
}
