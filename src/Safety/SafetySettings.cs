using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The sections <c>safety</c> and <c>arming</c> of robot.yaml: everything the supervisor was signed off with. Immutable.</summary>
public sealed record SafetySettings
{
    /// <summary>Ages and repetition of state channels.</summary>
    public required SampleLimits Sample { get; init; }

    /// <summary>Limits on the body's motion.</summary>
    public required MotionLimits Motion { get; init; }

    /// <summary>Limits on commands.</summary>
    public required CommandLimits Command { get; init; }

    /// <summary>Joints that must be able to stop before their edge.</summary>
    public IReadOnlyList<EdgeLimits> Edges { get; init; } = [];

    /// <summary>Reactions per cause.</summary>
    public CauseTable Causes { get; init; } = CauseTable.Standard;

    /// <summary>How long a tripped cause keeps authority from the policy, ns. Default 1 s (R23).</summary>
    public long DwellNs { get; init; } = 1_000_000_000;

    /// <summary>Returns of authority per episode before a cause latches until its end. Default 3 (R23).</summary>
    public int MaxReturns { get; init; } = 3;

    /// <summary>Share of clamped commands.</summary>
    public ClampShareLimits ClampShare { get; init; } = ClampShareLimits.Standard;

    /// <summary>What arming asks for.</summary>
    public required ArmingSettings Arming { get; init; }

    /// <summary>True for robots with a simulated driver.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>Reads both sections; problems go to the document.</summary>
    public static SafetySettings Read(ConfigMap robotRoot, ChannelLayout state, ChannelLayout command)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        bool isSimulated = string.Equals(robotRoot.Map("driver").String("kind", ""), "simulated", StringComparison.Ordinal);
        ConfigMap safety = robotRoot.Map("safety");
        return new SafetySettings
        {
            Sample = SampleLimits.Read(safety, state),
            Motion = MotionLimits.Read(safety, state, isSimulated),
            Command = CommandLimits.Read(safety, command),
            Edges = EdgeLimits.Read(safety, state, command),
            Causes = CauseTable.Read(safety.MapOrNull("reactions")),
            DwellNs = (long)(safety.Number("dwell_s", 0.05, 60, fallback: 1, tighten: Tighten.OnlyHigher) * 1e9),
            MaxReturns = (int)safety.Integer("max_returns_per_episode", 0, 1000, fallback: 3),
            ClampShare = ClampShareLimits.Read(safety.MapOrNull("clamp_share")),
            Arming = ArmingSettings.Read(robotRoot.Map("arming"), isSimulated),
            IsSimulated = isSimulated,
        };
    }
}
