using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench link | kill | fuzz</c>: the experience path.</summary>
internal static class ExperienceBenches
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static IEnumerable<Command> All() => [Link(), Kill(), KillPart(), Fuzz()];

    private static Command Link()
    {
        Option<bool> json = Json();
        var keep = new Option<string?>("--out") { Description = "Keep spools and stores in this folder" };
        var command = new Command("link", "The experience path: ring, spool, TCP with CURVE, ingest, fsync'd store; beside it bare ZeroMQ and the bare disk") { json, keep };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            LinkBenchResult result = LinkBench.Run(LinkBenchOptions.Default(folder.Path));
            Tell(result, parsed.GetValue(json));
            return result.Lost == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Kill()
    {
        Option<bool> json = Json();
        var keep = new Option<string?>("--out") { Description = "Keep spool and store in this folder" };
        var rounds = new Option<int>("--rounds") { Description = "Kills", DefaultValueFactory = _ => 200 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the choice of victims and moments", DefaultValueFactory = _ => 1 };
        var cut = new Option<double>("--cut") { Description = "Instead of kills: fly at 200 Hz with a camera (simulated time) and take the learner away for so many seconds, at least 2" };
        var command = new Command("kill", "Kills control, agent and learner at random moments and counts what is lost or doubled. Examples: robotics bench kill --rounds 200 --json; robotics bench kill --cut 30 --json")
        {
            json, keep, rounds, seed, cut,
        };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            return parsed.GetValue(cut) > 0
                ? Cut(folder.Path, parsed.GetValue(cut), parsed.GetValue(json))
                : Kill(folder.Path, parsed.GetValue(rounds), parsed.GetValue(seed), parsed.GetValue(json));
        });
        return command;
    }

    private static int Kill(string folder, int rounds, ulong seed, bool json)
    {
        using var bench = new KillBench(folder, rounds, seed);
        KillBenchResult result = bench.Run();
        Tell(result, json);
        return result.IsClean ? ExitCode.Ok : ExitCode.Failed;
    }

    private static int Cut(string folder, double seconds, bool json)
    {
        const double around = 10; // seconds with the learner, before and after
        using var flight = new CutFlight(folder);
        CutResult result = flight.Fly(around, Math.Max(2, seconds), around);
        Tell(result, json);
        return result.IsClean ? ExitCode.Ok : ExitCode.Failed;
    }

    private static Command KillPart()
    {
        var part = new Argument<string>("part");
        var folder = new Argument<string>("folder");
        var argument = new Argument<string>("argument");
        var seed = new Argument<ulong>("seed");
        var command = new Command("kill-part") { part, folder, argument, seed };
        command.Hidden = true;
        command.SetAction(parsed => KillBenchPart.Run(
            parsed.GetRequiredValue(part), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(argument), parsed.GetValue(seed)));
        return command;
    }

    private static Command Fuzz()
    {
        Option<bool> json = Json();
        var frames = new Option<long>("--frames") { Description = "Mutated frames for each decoder", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the mutations", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--only") { Description = "Decoders whose name contains this" };
        var command = new Command("fuzz", "Gives every decoder of the experience path mutated frames: no exception, bounded memory. Example: robotics bench fuzz --json") { json, frames, seed, only };
        command.SetAction(parsed =>
        {
            string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"robotics-fuzz-{Environment.ProcessId}")).FullName;
            try
            {
                return Fuzz(folder, parsed.GetValue(only) ?? "", parsed.GetValue(frames), parsed.GetValue(seed), parsed.GetValue(json));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static int Fuzz(string folder, string only, long frames, ulong seed, bool json)
    {
        using var hosts = new FuzzHosts(folder);
        var results = new List<FuzzResult>();
        foreach (FuzzTarget target in FuzzTargets.Pure().Concat(hosts.All()).Where(t => t.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            results.Add(FuzzBench.Run(target, frames, seed));
            if (!json)
                Console.WriteLine(Line(results[^1]));
        }
        if (json)
            Tell(results, json);
        return results.All(r => r.IsClean) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Line(FuzzResult r) =>
        FormattableString.Invariant($"{r.Decoder,-34} {r.Frames,9} frames, {r.Accepted,7} accepted, {r.Crashes} crashes, {r.AllocatedPerFrame:F0} B and {r.MicrosecondsPerFrame:F2} us each{(r.FirstCrash.Length > 0 ? "; " + r.FirstCrash : "")}");

    private static Option<bool> Json() => new("--json") { Description = "One line for machines" };

    private static void Tell<T>(T result, bool json) => Console.WriteLine(JsonSerializer.Serialize(result, json ? null : Indented));
}
