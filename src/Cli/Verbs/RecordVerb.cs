using System.CommandLine;
using System.Text.Json;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Composition;
using Robotics.Tasks;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics record</c>: demonstrations into a spool.</summary>
internal static class RecordVerb
{
    private const int AttemptsPerEpisode = 20; // a source that succeeds less than once in twenty is no demonstrator

    public static Command Build()
    {
        var run = new Argument<string>("run") { Description = "Run file of a simulated robot, for example runs/insert.yaml" };
        var folder = new Option<string>("--folder") { Description = "The spool is FOLDER/spool", DefaultValueFactory = _ => "out" };
        var source = new Option<string>("--source") { Description = "human (simulated person), expert (the same without noise or misjudgement), policy", DefaultValueFactory = _ => "human" };
        source.AcceptOnlyFromAmong("human", "expert", "policy");
        var policy = new Option<string?>("--policy") { Description = "Policy bundle, for --source policy" };
        var episodes = new Option<int>("--episodes") { Description = "Episodes to keep", DefaultValueFactory = _ => 20 };
        var failures = new Option<bool>("--keep-failures") { Description = "Keep episodes that did not end in success" };
        var seed = new Option<long?>("--seed") { Description = "Seed, instead of the run file's" };
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command("record", "Record demonstrations. Example: robotics record runs/insert.yaml --episodes 20 --folder demos") { run, folder, source, policy, episodes, failures, seed, json };
        command.SetAction(parsed =>
        {
            RunDescription description = RunDescription.Load(parsed.GetRequiredValue(run));
            description.Seed = (ulong)(parsed.GetValue(seed) ?? (long)description.Seed);
            int wanted = parsed.GetValue(episodes);
            string spool = Path.Combine(Path.GetFullPath(parsed.GetRequiredValue(folder)), "spool");
            (int kept, long flown, long steps) = Record(description, spool, parsed.GetRequiredValue(source), parsed.GetValue(policy), wanted, parsed.GetValue(failures));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { episodes = kept, flown, steps, spool }));
            else
                Console.WriteLine($"{kept} episodes of {flown} flown, {steps} steps, in {spool}");
            return kept == wanted ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    internal static (int Kept, long Flown, long Steps) Record(RunDescription run, string spool, string source, string? policyFile, int episodes, bool keepFailures)
    {
        var clock = new ManualClock(1);
        using RobotRig robot = RobotRig.Load(run, clock);
        if (!robot.IsSimulated)
            throw new FailureException($"{robot.Name} is not simulated; people record on a real robot with: robotics run and robotics teleop", ExitCode.BadConfiguration);
        ulong boot = Identity64.Of("boot", $"record:{run.Name}:{run.Seed}:{source}"); // lockstep is repeatable: equal spools for equal seeds
        var stream = new SpoolStream(robot.RobotId, boot);
        using SpoolWriter writer = SpoolWriter.Open(spool, stream, robot.Schema, new SpoolOptions { ConfigHash = run.Document.ContentHash });
        if (writer.LastAppended > 0)
            throw new FailureException($"{stream.PathIn(spool)} already holds this recording (run {run.Name}, seed {run.Seed}, source {source}); choose another seed or folder");
        using var flight = new DemonstrationFlight(robot, clock, boot, SourceOf(robot, source), policyFile is null ? default : ImageOf(policyFile, robot));
        long steps = 0;
        int kept = flight.Fly(episodes, AttemptsPerEpisode * episodes, onlySuccess: !keepFailures, record =>
        {
            if (writer.Append(record) != SpoolStatus.Ok)
                throw new FailureException($"the spool {spool} takes no more: {writer.LastFailure}");
            steps++;
        });
        if (!writer.Commit())
            throw new FailureException($"the spool {spool} cannot be made durable: {writer.LastFailure}");
        return (kept, flight.Flown, steps);
    }

    private static IProposalSource[] SourceOf(RobotRig robot, string source)
    {
        if (source == "policy")
            return [];
        if (!SimulatedHuman.Fits(robot.Driver.StateChannels, robot.Driver.CommandChannels))
            throw new FailureException($"nobody can demonstrate on {robot.Name}: a simulated person knows the arm with a peg (hardware/sim-arm) only; use --source policy", ExitCode.BadConfiguration);
        SimulatedHumanSettings person = (robot.Person ?? new SimulatedHumanSettings()) with { Demonstrates = true };
        return [robot.PersonOf(source == "expert" ? person.WithoutFlaws() : person)];
    }

    private static byte[] ImageOf(string path, RobotRig robot)
    {
        if (!File.Exists(path))
            throw new FailureException($"no such policy file: {path}");
        if (!PolicyImport.TryReadAny(File.ReadAllBytes(path), path, robot.Task.SchemaHash, out PolicyBundle? bundle, out string problem))
            throw new FailureException(problem);
        return bundle!.ToImage();
    }
}
