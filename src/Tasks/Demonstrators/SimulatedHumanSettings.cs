using Robotics.Configuration;

namespace Robotics.Tasks;

/// <summary>How a simulated person sees, drives and judges. The defaults are the frozen ones of docs/tasks/insertion.md.</summary>
public sealed record SimulatedHumanSettings
{
    /// <summary>True: drives every episode from beginning to end (demonstrations). False: only intervenes.</summary>
    public bool Demonstrates { get; init; }

    /// <summary>From seeing that the policy is about to fail to taking over, s. 0.3 s: a choice reaction with a device in the hand.</summary>
    public double ReactionS { get; init; } = 0.3;

    /// <summary>Noise of what the hand does, as a share of what it means to do (signal-dependent, Harris and Wolpert 1998).</summary>
    public double ActionNoise { get; init; } = 0.2;

    /// <summary>Noise of the hand at rest, share of a full action.</summary>
    public double Tremor { get; init; } = 0.02;

    /// <summary>Error in where it sees the hole, per axis, m; drawn anew each time it takes over or looks again.</summary>
    public double PerceptionStdM { get; init; } = 0.0005;

    /// <summary>Error in how it sees the hole turned, rad.</summary>
    public double PerceptionStdRad { get; init; } = 0.02;

    /// <summary>Greatest share of a full action it uses.</summary>
    public double Speed { get; init; } = 0.7;

    /// <summary>How long it watches a policy that makes no progress, s.</summary>
    public double PatienceS { get; init; } = 1.5;

    /// <summary>What counts as progress, m of way to go.</summary>
    public double ProgressM { get; init; } = 0.005;

    /// <summary>How much farther than it was the policy may carry the peg, m of way to go.</summary>
    public double StrayM { get; init; } = 0.03;

    /// <summary>Shortest time it keeps control, s.</summary>
    public double MinHoldS { get; init; } = 0.5;

    /// <summary>It hands back once the way to go has shrunk to this share of what it was when it took over.</summary>
    public double HandBackShare { get; init; } = 0.5;

    /// <summary>The scripted expert: the same person without noise, misjudgement or haste.</summary>
    public SimulatedHumanSettings WithoutFlaws() => this with { ActionNoise = 0, Tremor = 0, PerceptionStdM = 0, PerceptionStdRad = 0, Speed = 1 };

    /// <summary>Reads the run file's <c>human</c> section; problems go to its document.</summary>
    public static SimulatedHumanSettings Read(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.OneOf("kind", ["simulated"]);
        var d = new SimulatedHumanSettings();
        return d with
        {
            Demonstrates = map.OneOf("role", ["intervene", "demonstrate"], "intervene") == "demonstrate",
            ReactionS = map.Number("reaction_s", 0, 10, d.ReactionS),
            ActionNoise = map.Number("action_noise", 0, 2, d.ActionNoise),
            Tremor = map.Number("tremor", 0, 1, d.Tremor),
            PerceptionStdM = map.Number("perception_std_m", 0, 0.1, d.PerceptionStdM),
            PerceptionStdRad = map.Number("perception_std_rad", 0, 1, d.PerceptionStdRad),
            Speed = map.Number("speed", 0.05, 1, d.Speed),
            PatienceS = map.Number("patience_s", 0.1, 1000, d.PatienceS),
            ProgressM = map.Number("progress_m", 1e-4, 1, d.ProgressM),
            StrayM = map.Number("stray_m", 1e-4, 1, d.StrayM),
            MinHoldS = map.Number("min_hold_s", 0, 100, d.MinHoldS),
            HandBackShare = map.Number("hand_back_share", 0, 1, d.HandBackShare),
        };
    }
}
