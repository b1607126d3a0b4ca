using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>The reset procedure that a task asks for: keys <c>procedure, home_m, home, home_tolerance, home_timeout_s, confirm</c> of its section <c>reset</c>.</summary>
public sealed record ResetSettings
{
    /// <summary>Which procedure.</summary>
    public ResetKind Kind { get; init; }

    /// <summary>Home of a robot that is steered by velocity, world frame, m.</summary>
    public IReadOnlyList<double> HomeM { get; init; } = [0, 0, 0];

    /// <summary>Home of a robot that is steered by actions.</summary>
    public IReadOnlyList<HomeTarget> Home { get; init; } = [];

    /// <summary>Nearer than this it is home: m, or the unit of the channels of <see cref="Home"/>.</summary>
    public double Tolerance { get; init; }

    /// <summary>After this the drive is given up and an operator is waited for, ns.</summary>
    public long TimeoutNs { get; init; }

    /// <summary>True where an operator must confirm after the drive, too.</summary>
    public bool Confirm { get; init; }

    internal static ResetSettings Read(ConfigMap map, ChannelLayout state, int actionLength)
    {
        ResetKind kind = map.OneOf("procedure", ["scripted", "drive_back", "operator_confirms"], "scripted") switch
        {
            "drive_back" => ResetKind.DriveBack,
            "operator_confirms" => ResetKind.OperatorConfirms,
            _ => ResetKind.Scripted,
        };
        if (kind != ResetKind.DriveBack)
            return new ResetSettings { Kind = kind };
        return new ResetSettings
        {
            Kind = kind,
            HomeM = map.Vector("home_m", 3, -1e6, 1e6, [0, 0, 0]),
            Home = [.. map.Maps("home", required: false).Select(m => ReadTarget(m, state, actionLength))],
            Tolerance = map.Number("home_tolerance", 1e-6, 1e6, 0.1), // m: a third of the box that hover episodes start in
            TimeoutNs = (long)(1e9 * map.Number("home_timeout_s", 0.1, 3600, 20)),
            Confirm = map.Flag("confirm", false),
        };
    }

    private static HomeTarget ReadTarget(ConfigMap map, ChannelLayout state, int actionLength)
    {
        string channel = map.String("channel");
        int index = state.IndexOf(channel);
        if (index < 0)
            map.AddProblem("channel", $"the robot has no state channel '{channel}'");
        return new HomeTarget((int)map.Integer("action", 0, actionLength - 1), Math.Max(0, index), (float)map.Number("target"), (float)map.Number("gain", -1e6, 1e6, 1));
    }
}
