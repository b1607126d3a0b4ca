using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Cli.Safety;
using Robotics.Configuration;
using Robotics.Runtime.Campaign;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics safety</c>: the safety requirements as random scenarios on a virtual clock.</summary>
internal static class SafetyVerb
{
    private const int VirtualCases = 100_000;
    private const int WallCases = 2; // a case of the fence flies ten seconds
    private const int WallPriority = 80; // the control process's

    public static Command Build()
    {
        var command = new Command("safety", "Prove the safety requirements. Example: robotics safety campaign --json");
        command.Subcommands.Add(Campaign());
        command.Subcommands.Add(WallAgentPart());
        return command;
    }

    private static Command Campaign()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var seed = new Option<ulong>("--seed") { Description = "Repeats a campaign exactly", DefaultValueFactory = _ => 1 };
        var cases = new Option<int?>("--cases") { Description = "Random cases per property requirement: 100000, with --wall 2" };
        var only = new Option<string?>("--only") { Description = "Requirements, for example R10,R12; all 37 where left out" };
        var wall = new Option<bool>("--wall") { Description = "On the wall clock and with real processes, with measured times" };
        var trials = new Option<int>("--trials") { Description = "With --wall: kills (one in ten) and stops of the agent in flight; with --only, processes are tried where this is given", DefaultValueFactory = _ => 1000 };
        var command = new Command("campaign", "R1 to R37 of docs/safety.md on a virtual clock; I1 to I5 in every tick. Example: robotics safety campaign --cases 1000") { json, seed, cases, only, wall, trials };
        command.SetAction(parsed =>
        {
            bool onTheWall = parsed.GetValue(wall);
            int count = parsed.GetValue(cases) ?? (onTheWall ? WallCases : VirtualCases);
            string[]? ids = parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string[] unknown = [.. (ids ?? []).Except(SafetyCampaign.Requirements, StringComparer.Ordinal)];
            if (unknown.Length > 0 || count < 1 || parsed.GetValue(trials) < 1)
            {
                Console.Error.WriteLine(unknown.Length > 0 ? $"robotics: no requirement {string.Join(", ", unknown)}; there are R1 to R37" : "robotics: --cases and --trials are at least 1");
                return ExitCode.Usage;
            }
            bool machine = parsed.GetValue(json);
            bool alsoProcesses = ids is null || parsed.GetResult(trials) is { Implicit: false };
            WallResult? processes = onTheWall && alsoProcesses ? Trials(parsed.GetValue(trials), parsed.GetValue(seed), machine) : null;
            using CpuLatencyRequest? awake = onTheWall ? CpuLatencyRequest.TryHold(out _) : null; // as the control process does, which says where it cannot
            if (onTheWall)
                LinuxRealTime.MakeRealTime(WallPriority, Environment.ProcessorCount - 1);
            if (processes is not null)
                processes = processes with { WatchingThread = Hangs(parsed.GetValue(trials), parsed.GetValue(seed)) };
            CampaignReport report = new SafetyCampaign(parsed.GetValue(seed), count, onTheWall).Run(ids, machine ? null : Print);
            if (machine)
                Console.WriteLine(processes is null ? JsonSerializer.Serialize(report) : JsonSerializer.Serialize(new WallCampaignReport(report.RequirementsPassed, report.InvariantViolations, report.Cases, report.Requirements, processes)));
            else
                Summarise(report, processes);
            return report.Requirements.All(r => r.Passed) && report.InvariantViolations == 0 && processes is not { Passed: false } ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static WallResult Trials(int trials, ulong seed, bool machine)
    {
        using var folder = new BenchFolder(null);
        using var processes = new WallTrials(folder.Path, trials, seed, machine ? null : Console.WriteLine);
        return processes.Run();
    }

    private static HangResult Hangs(int trials, ulong seed)
    {
        using var loop = new HangTrials(seed);
        return loop.Run(Math.Max(1, trials / 10));
    }

    private static Command WallAgentPart()
    {
        var run = new Argument<string>("run");
        var folder = new Argument<string>("folder");
        var memory = new Argument<string>("memory");
        var command = new Command("wall-agent") { run, folder, memory };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            return WallAgent.Run(RunDescription.Load(parsed.GetRequiredValue(run)), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(memory), shutdown.Token);
        });
        return command;
    }

    private static void Print(RequirementReport r)
    {
        Console.WriteLine($"{r.Id,-4} {(r.Passed ? "passed" : "FAILED")}  {r.Cases,7} cases  worst reaction {r.WorstReactionPeriods,3} of {r.BudgetPeriods,3} periods{(r.WorstReactionMs is { } ms ? $" {ms,8:F3} ms" : "")}  {r.Title}");
        if (r.Failure is not null)
            Console.WriteLine($"     {r.Failure}");
    }

    private static void Summarise(CampaignReport report, WallResult? processes)
    {
        if (processes is not null)
            Console.WriteLine(JsonSerializer.Serialize(processes));
        Console.WriteLine($"{report.RequirementsPassed} of {report.Requirements.Count} requirements passed, {report.InvariantViolations} invariant violations, {report.Cases} cases, {report.Ticks} control ticks, seed {report.Seed}");
        if (report.FirstViolation is not null)
            Console.WriteLine($"first violation: {report.FirstViolation}");
    }
}
