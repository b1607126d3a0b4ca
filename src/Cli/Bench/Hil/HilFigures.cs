using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench.Hil;

/// <summary>The one line of <c>robotics bench hil --json</c>: means over seeds. Field names are stable.</summary>
internal sealed record HilFigures
{
    /// <summary>Success at the end, sparse reward alone.</summary>
    [JsonPropertyName("success_alone")]
    public double Alone { get; init; }

    /// <summary>Success at the end with demonstrations.</summary>
    [JsonPropertyName("success_with_demonstrations")]
    public double WithDemonstrations { get; init; }

    /// <summary>Success at the end with demonstrations and interventions.</summary>
    [JsonPropertyName("success_with_interventions")]
    public double WithInterventions { get; init; }

    /// <summary>Steps to 95 % with demonstrations and interventions over steps to 95 % with demonstrations alone, each a mean over seeds; a
    /// seed that never reaches it counts with all its steps.</summary>
    [JsonPropertyName("step_ratio_to_demonstrations")]
    public double StepRatio { get; init; }

    /// <summary>Share of steps that the person drove in the last tenth of the runs with interventions.</summary>
    [JsonPropertyName("final_intervention_rate")]
    public double FinalInterventionRate { get; init; }

    /// <summary>Success at the end from interventions alone, no task reward, no demonstrations.</summary>
    [JsonPropertyName("rlif_success")]
    public double Rlif { get; init; }

    /// <summary>Success of behaviour cloning on the interventions of those runs.</summary>
    [JsonPropertyName("behaviour_cloning_success")]
    public double BehaviourCloning { get; init; }

    /// <summary>Environment steps of every run.</summary>
    [JsonPropertyName("steps")]
    public long Steps { get; init; }

    /// <summary>Steps to 95 % per seed with demonstrations.</summary>
    [JsonPropertyName("steps_to_target_with_demonstrations")]
    public required IReadOnlyList<long> StepsWithDemonstrations { get; init; }

    /// <summary>Steps to 95 % per seed with demonstrations and interventions.</summary>
    [JsonPropertyName("steps_to_target_with_interventions")]
    public required IReadOnlyList<long> StepsWithInterventions { get; init; }

    /// <summary>Seeds.</summary>
    [JsonPropertyName("seeds")]
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Figures of <paramref name="seeds"/>.</summary>
    public static HilFigures Of(IReadOnlyList<HilSeed> seeds, HilSettings settings)
    {
        long[] shown = [.. seeds.Select(s => s.Demonstrations.StepsToTarget(settings))];
        long[] helped = [.. seeds.Select(s => s.Interventions.StepsToTarget(settings))];
        return new HilFigures
        {
            Alone = seeds.Average(s => s.Alone.Final),
            WithDemonstrations = seeds.Average(s => s.Demonstrations.Final),
            WithInterventions = seeds.Average(s => s.Interventions.Final),
            StepRatio = helped.Average() / shown.Average(),
            FinalInterventionRate = seeds.Average(s => s.Interventions.FinalInterventionRate),
            Rlif = seeds.Average(s => s.Rlif.Final),
            BehaviourCloning = seeds.Average(s => s.BehaviourCloning),
            Steps = settings.Steps,
            StepsWithDemonstrations = shown,
            StepsWithInterventions = helped,
            Seeds = [.. seeds.Select(s => s.Seed)],
        };
    }
}
