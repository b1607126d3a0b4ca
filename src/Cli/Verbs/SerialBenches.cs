using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Core;
using Robotics.Drivers.Serial.Bench;
using Robotics.Policies;

namespace Robotics.Cli.Verbs;

/// <summary>The benchmarks of serial devices: <c>robotics bench serial</c>.</summary>
internal static class SerialBenches
{
    public static Command Parsers()
    {
        var bytes = new Option<long>("--bytes") { Description = "Random bytes per parser", DefaultValueFactory = _ => 1_000_000_000 };
        var frames = new Option<long>("--frames") { Description = "Damaged frames per parser", DefaultValueFactory = _ => 10_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of both", DefaultValueFactory = _ => 1 };
        var parser = new Option<string?>("--parser") { Description = "Only this one: " + string.Join(", ", SerialBench.Parsers) };
        var json = new Option<bool>("--json") { Description = "One line per parser for machines" };
        var command = new Command("serial", "Random bytes and damaged frames against every parser: what was accepted, what its check sum lets expect, how soon the stream was found again. Example: robotics bench serial --bytes 1000000 --frames 1000000 --json")
        {
            bytes, frames, seed, parser, json,
        };
        command.SetAction(parsed =>
        {
            string? only = parsed.GetValue(parser);
            if (only is not null && !SerialBench.Parsers.Contains(only, StringComparer.Ordinal))
                throw new FailureException($"--parser '{only}' is not one of {string.Join(", ", SerialBench.Parsers)}", ExitCode.Usage);
            bool passed = true;
            foreach (string name in SerialBench.Parsers.Where(p => only is null || p == only))
            {
                SerialBenchResult r = SerialBench.Run(parsed.GetValue(bytes), parsed.GetValue(frames), parsed.GetValue(seed), MonotonicClock.Instance, name)[0];
                passed &= r.Passed;
                Print(r, parsed.GetValue(json));
            }
            return passed ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    public static Command Reactions()
    {
        var policy = new Option<string>("--policy") { Description = "Bundle of tasks/hover-rates.yaml", DefaultValueFactory = _ => Installation.PathOf("examples/hover-rates.rpb") };
        var only = new Option<string[]>("--only") { Description = "Only these: " + string.Join(", ", ReactionBench.Faults) };
        var keep = new Option<string?>("--out") { Description = "Keep the spools in this folder" };
        var json = new Option<bool>("--json") { Description = "One line per figure for machines" };
        var command = new Command("reactions", "A policy flies an emulated PX4 through a pseudo-terminal in real time, and another holds an emulated SO-101; agent, control process, cable, bytes, device and servos are taken away meanwhile. Example: robotics bench reactions --only control-killed")
        {
            policy, only, keep, json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(policy);
            if (!PolicyImport.TryReadAny(File.ReadAllBytes(path), Path.GetFileName(path), 0, out PolicyBundle? bundle, out string problem))
                throw new FailureException(problem, ExitCode.Incompatible);
            string[] faults = parsed.GetValue(only) is { Length: > 0 } named ? named : [.. ReactionBench.Faults];
            if (faults.Except(ReactionBench.Faults, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
                throw new FailureException($"--only '{unknown}' is not one of {string.Join(", ", ReactionBench.Faults)}", ExitCode.Usage);
            using var folder = new BenchFolder(parsed.GetValue(keep));
            bool passed = true;
            foreach (ReactionResult r in new ReactionBench(folder.Path, bundle!).Run(faults))
            {
                passed &= r.Passed;
                Print(r, parsed.GetValue(json));
            }
            return passed ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(ReactionResult r, bool json) =>
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { fault = r.Fault, reaction = r.Reaction, passed = r.Passed, measured = Math.Round(r.Measured, 3), limit = r.Limit, unit = r.Unit, note = r.Note })
            : $"{(r.Passed ? "ok  " : "FAIL")} {r.Fault,-18} {r.Reaction,-42} {r.Measured,8:F2} of {r.Limit,-6} {r.Unit,-4} {r.Note}");

    private static void Print(SerialBenchResult r, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                parser = r.Parser,
                passed = r.Passed,
                random_bytes = r.RandomBytes,
                accepted_in_noise = r.AcceptedInNoise,
                expected_in_noise = r.ExpectedInNoise,
                mutated_frames = r.MutatedFrames,
                false_frames = r.FalseFrames,
                false_bound = r.FalseBound,
                longest_loss_frames = r.LongestLoss,
                megabytes_per_s = r.MegabytesPerSecond,
            }));
            return;
        }
        Console.WriteLine($"{(r.Passed ? "ok  " : "FAIL")} {r.Parser,-10} {r.RandomBytes:N0} random bytes: {r.AcceptedInNoise:N0} frames by chance, {r.ExpectedInNoise:G4} expected; "
            + $"{r.MutatedFrames:N0} damaged frames: {r.FalseFrames:N0} false, at most {r.FalseBound:N0}; longest loss {r.LongestLoss} frames; {r.MegabytesPerSecond:F0} MB/s");
    }
}
