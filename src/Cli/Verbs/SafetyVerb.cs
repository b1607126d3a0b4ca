using System.CommandLine;
using System.Text.Json;
using Robotics.Runtime.Campaign;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics safety</c>: the safety requirements as random scenarios on a virtual clock.</summary>
internal static class SafetyVerb
{
    public static Command Build()
    {
        var command = new Command("safety", "Prove the safety requirements. Example: robotics safety campaign --json");
        command.Subcommands.Add(Campaign());
        return command;
    }

    private static Command Campaign()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var seed = new Option<ulong>("--seed") { Description = "Repeats a campaign exactly", DefaultValueFactory = _ => 1 };
        var cases = new Option<int>("--cases") { Description = "Random cases per property requirement", DefaultValueFactory = _ => 100_000 };
        var only = new Option<string?>("--only") { Description = "Requirements, for example R10,R12; all 37 where left out" };
        var command = new Command("campaign", "R1 to R37 of docs/safety.md on a virtual clock; I1 to I5 in every tick. Example: robotics safety campaign --cases 1000") { json, seed, cases, only };
        command.SetAction(parsed =>
        {
            string[]? ids = parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string[] unknown = [.. (ids ?? []).Except(SafetyCampaign.Requirements, StringComparer.Ordinal)];
            if (unknown.Length > 0 || parsed.GetValue(cases) < 1)
            {
                Console.Error.WriteLine(unknown.Length > 0 ? $"robotics: no requirement {string.Join(", ", unknown)}; there are R1 to R37" : "robotics: --cases is at least 1");
                return ExitCode.Usage;
            }
            bool machine = parsed.GetValue(json);
            CampaignReport report = new SafetyCampaign(parsed.GetValue(seed), parsed.GetValue(cases)).Run(ids, machine ? null : Print);
            if (machine)
                Console.WriteLine(JsonSerializer.Serialize(report));
            else
                Summarise(report);
            return report.Requirements.All(r => r.Passed) && report.InvariantViolations == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(RequirementReport r)
    {
        Console.WriteLine($"{r.Id,-4} {(r.Passed ? "passed" : "FAILED")}  {r.Cases,7} cases  worst reaction {r.WorstReactionPeriods,3} of {r.BudgetPeriods,3} periods  {r.Title}");
        if (r.Failure is not null)
            Console.WriteLine($"     {r.Failure}");
    }

    private static void Summarise(CampaignReport report)
    {
        Console.WriteLine($"{report.RequirementsPassed} of {report.Requirements.Count} requirements passed, {report.InvariantViolations} invariant violations, {report.Cases} cases, {report.Ticks} control ticks, seed {report.Seed}");
        if (report.FirstViolation is not null)
            Console.WriteLine($"first violation: {report.FirstViolation}");
    }
}
