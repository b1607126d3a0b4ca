using System.CommandLine;
using System.Text.Json;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime;
using Robotics.Runtime.Composition;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics replay</c>: plays recorded episodes back through the supervisor.</summary>
internal static class ReplayVerb
{
    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Build()
    {
        var run = new Argument<string>("run") { Description = "Run file of the simulated robot" };
        var spool = new Argument<string>("spool") { Description = "Folder of the spool or store" };
        var episode = new Option<long?>("--episode") { Description = "Number of one episode; all without it" };
        var seed = new Option<long?>("--seed") { Description = "Seed of the recording, instead of the run file's: it tells where episodes began" };
        var json = new Option<bool>("--json") { Description = "One line per episode for machines" };
        var command = new Command("replay", "Play recorded episodes back through the supervisor on the simulated robot. Example: robotics replay runs/insert.yaml demos/spool --episode 3") { run, spool, episode, seed, json };
        command.SetAction(parsed =>
        {
            RunDescription description = RunDescription.Load(parsed.GetRequiredValue(run));
            description.Seed = (ulong)(parsed.GetValue(seed) ?? (long)description.Seed);
            IReadOnlyList<EpisodeReplay> replays = Replay(description, parsed.GetRequiredValue(spool), (ulong?)parsed.GetValue(episode));
            foreach (EpisodeReplay r in replays)
            {
                Console.WriteLine(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(r, s_line)
                    : $"episode {r.Episode}: {r.Steps} steps, recorded {Word(r.RecordedSuccess)}, replayed {Word(r.ReplayedSuccess)}, clamped in {r.ClampedTicks} ticks, observation within {r.MaxFrameDifference:F3}");
            }
            return replays.All(r => r.RecordedSuccess == r.ReplayedSuccess) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static string Word(bool success) => success ? "success" : "no success";

    /// <summary>Plays every whole episode, or one.</summary>
    internal static IReadOnlyList<EpisodeReplay> Replay(RunDescription run, string spool, ulong? episode)
    {
        var clock = new ManualClock(1);
        using RobotRig robot = RobotRig.Load(run, clock);
        var replays = new List<EpisodeReplay>();
        foreach (SpoolStream stream in SpoolStream.List(spool).Where(s => s.Robot == robot.RobotId))
        {
            foreach (List<TransitionRecord> steps in Episodes(spool, stream, robot.Schema).Where(s => episode is null || s[0].Episode == episode))
                replays.Add(EpisodeReplay.Play(robot, clock, steps));
        }
        if (replays.Count == 0)
            throw new FailureException($"{spool} holds no whole episode{(episode is null ? "" : $" {episode}")} of {robot.Name}");
        return replays;
    }

    private static IEnumerable<List<TransitionRecord>> Episodes(string spool, SpoolStream stream, TransitionSchema schema)
    {
        using SpoolReader reader = SpoolReader.Open(spool, stream, schema);
        var steps = new List<TransitionRecord>();
        while (TryNext(reader, schema, out TransitionRecord record))
        {
            if (record.Step == 0)
                steps = [];
            steps.Add(record);
            if (record.HasFinal && steps[0].Step == 0)
                yield return steps;
        }
    }

    private static bool TryNext(SpoolReader reader, TransitionSchema schema, out TransitionRecord record)
    {
        record = new TransitionRecord(schema);
        return reader.TryRead(out ReadOnlySpan<byte> bytes, out _) && TransitionCodec.TryDecode(bytes, record, out _) == DecodeStatus.Ok;
    }
}
