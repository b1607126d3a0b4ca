using Robotics.Configuration;

namespace Robotics.Policies;

/// <summary>What a run asks of new policies: the gate in force, when they take over, how they are watched. Keys <c>gate</c>, <c>swap_at</c> and
/// section <c>watch</c> of a run file.</summary>
/// <param name="Gate">The gate in force.</param>
/// <param name="Watch">Shadow, takeover, probation, rollback in the control process.</param>
/// <param name="MaxActionDifference">Gate `deployed`: greatest root mean square action difference on recent observations, normalised action units.</param>
/// <param name="InferenceBudgetNs">Longest allowed forward pass on this machine, ns.</param>
/// <param name="MaxAgeNs">Bound of the policy's age on the edge: time since a newer one was announced that does not fly yet, ns; 0 for no bound.</param>
public sealed record PolicyRules(GateKind Gate, WatchOptions Watch, double MaxActionDifference, long InferenceBudgetNs, long MaxAgeNs)
{
    /// <summary>Reads the rules of <paramref name="run"/>; problems go to its document.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isSimulated">Only a robot that exists as equations alone may fly under gate `training`, which is its default.</param>
    /// <param name="policyRateHz">Policy periods per second.</param>
    public static PolicyRules Read(RunDescription run, bool isSimulated, double policyRateHz)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!isSimulated && run.Gate == "training")
            run.Document.Root.AddProblem("gate", "training is for simulated robots; a robot that can break something takes 'deployed' (or no key: it is the default)");
        GateKind gate = run.Gate == "deployed" || !isSimulated ? GateKind.Deployed : GateKind.Training;
        bool isDeployed = gate == GateKind.Deployed;
        ConfigMap? map = run.Watch;
        // Defaults of gate `deployed`: 2 s of shadow, 10 s of probation (facts/safety R28: one second is the least).
        var watch = new WatchOptions
        {
            Rule = run.SwapAt == "step" ? SwapRule.AnyStep : SwapRule.EpisodeBoundary,
            // The published recipe acts with the newest actor at once; a robot in the world gets no step in its commands.
            BlendSteps = (int)Integer(map, "blend_steps", 0, 1000, isDeployed ? 10 : 0),
            ShadowSteps = Steps(map, "shadow_s", 2, policyRateHz, isDeployed),
            ProbationSteps = Steps(map, "probation_s", 10, policyRateHz, isDeployed),
            MaxDivergence = Number(map, "max_divergence", 0, 2, WatchOptions.Deployed.MaxDivergence),
            MaxFailureRise = Number(map, "max_failure_rise", 0, 1, WatchOptions.Deployed.MaxFailureRise),
            MaxInterventionRise = Number(map, "max_intervention_rise", 0, 1, WatchOptions.Deployed.MaxInterventionRise),
        };
        if (isDeployed && (watch.ShadowSteps == 0 || watch.ProbationSteps == 0))
            map?.AddProblem(watch.ShadowSteps == 0 ? "shadow_s" : "probation_s", "gate 'deployed' needs at least one policy period of it");
        return new PolicyRules(
            gate, watch, Number(map, "max_action_difference", 0, 2, WatchOptions.Deployed.MaxDivergence),
            (long)(Number(map, "inference_budget_us", 1, 100_000, 100) * 1e3), (long)(Number(map, "max_age_s", 0, 86_400, isDeployed ? 60 : 10) * 1e9));
    }

    private static int Steps(ConfigMap? map, string key, double fallback, double rateHz, bool isDeployed)
    {
        double seconds = Number(map, key, 0, 3600, fallback); // read under either gate, so that one file serves both
        return isDeployed ? (int)Math.Round(seconds * rateHz) : 0;
    }

    private static double Number(ConfigMap? map, string key, double min, double max, double fallback) => map?.Number(key, min, max, fallback) ?? fallback;

    private static long Integer(ConfigMap? map, string key, long min, long max, long fallback) => map?.Integer(key, min, max, fallback) ?? fallback;
}
