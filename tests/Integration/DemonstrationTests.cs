using Robotics.Cli.Bench.Hil;
using Robotics.Cli.Processes;
using Robotics.Cli.Verbs;
using Robotics.Configuration;
using Robotics.Experience;
using Robotics.Runtime;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>Demonstrations recorded, played back and learnt from; interventions on the whole path.</summary>
public sealed class DemonstrationTests
{
    private static readonly string s_run = Path.Combine(SharedData.RepositoryRoot, "runs", "insert.yaml");

    [Fact]
    public void Record_HumanThenReplay_SpoolIsWholeAndEveryEpisodeSucceedsAgain()
    {
        using var folder = new TemporaryFolder();
        (int kept, long flown, long steps) = RecordVerb.Record(Load(3), folder["spool"], "human", null, 4, keepFailures: false);
        Assert.Equal(4, kept);
        Assert.True(flown >= kept);
        SpoolReport report = SpoolVerifier.Verify(folder["spool"]);
        Assert.True(report.IsWhole);
        Assert.Equal(steps, report.Records);
        IReadOnlyList<EpisodeReplay> replays = ReplayVerb.Replay(Load(3), folder["spool"], episode: null);
        Assert.Equal(4, replays.Count);
        Assert.Equal(steps, replays.Sum(r => r.Steps));
        // 0.3 mm of noise is 0.009 in the observation; five standard deviations and the joints' own lag.
        Assert.All(replays, r => Assert.True(r is { RecordedSuccess: true, ReplayedSuccess: true, ClampedTicks: 0, MaxFrameDifference: < 0.1 }, r.ToString()));
        Assert.Single(ReplayVerb.Replay(Load(3), folder["spool"], replays[1].Episode));
        // From another start the same motions miss: the replay is one of motions, not of the recording's outcome.
        Assert.Contains(ReplayVerb.Replay(Load(4), folder["spool"], episode: null), r => !r.ReplayedSuccess);
    }

    [Fact]
    public void Record_SameSeedTwice_GivesEqualBytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        RecordVerb.Record(Load(5), first["spool"], "expert", null, 2, keepFailures: false);
        RecordVerb.Record(Load(5), second["spool"], "expert", null, 2, keepFailures: false);
        string file = Path.GetRelativePath(first.Path, Assert.Single(Directory.EnumerateFiles(first["spool"], "*.seg", SearchOption.AllDirectories)));
        Assert.Equal(File.ReadAllBytes(first[file]), File.ReadAllBytes(second[file]));
    }

    // The whole path in one process: person, arbiter, recorder, spool, link, store, human memory, updates, bundles, swap.
    [Fact]
    public void Run_PersonIntervenesAndDemonstrationsAreGiven_ArriveInTheHumanMemory()
    {
        using var folder = new TemporaryFolder();
        (_, _, long shown) = RecordVerb.Record(Load(6), folder["demos/spool"], "human", null, 3, keepFailures: false);
        RunDescription Whole() => LockstepRun.Load("runs/insert.yaml", 600, 6, "algorithm.updates_per_step=1", $"algorithm.demonstrations={folder["demos/spool"]}");
        using var link = new MemoryLink(capacity: 1024);
        using IEdgeChannel channel = link.Connect();
        using var edge = new EdgeProcess(Whole(), folder.Path, [], channel);
        using var learner = new LearnerProcess(Whole(), folder.Path, link.Learner);
        Assert.Equal(shown, learner.Trainer.HumanSteps);
        for (long turns = 0; !edge.IsDone; turns++)
        {
            Assert.True(turns < 1_000_000, $"no end: {edge.Progress()} {learner.Progress()}");
            edge.Turn(mayBlock: false);
            learner.Turn();
            if (edge.Control.Recorded >= edge.Robot.Run.Steps)
                learner.Commit();
        }
        long human = CountHuman(folder["store"], edge.Robot.Schema, out long onsets);
        Assert.True(human > 100, $"{human} human steps of 600: an untrained policy needs help");
        Assert.True(onsets > 5, $"{onsets} onsets");
        // A run of human steps that the end of the recording cut is not kept: nobody knows what followed.
        Assert.InRange(learner.Trainer.HumanSteps, shown + human - 100, shown + human);
        Assert.True(learner.Trainer.Learner.CriticUpdates > 400);
    }

    // Short and seeded: some thousand steps in which a person helps lift the insertion from nothing. The full figures are in docs/benchmarks.md.
    [Theory]
    [InlineData("insert", 3000)]
    [InlineData("so101-insert", 4000)] // over the bus of emulated servos, whose lag the policy must learn to live with
    public void RunTo_DemonstrationsAndInterventions_LearnsToInsert(string name, int steps)
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "runs", $"{name}.yaml");
        using var run = new HilRun(file, HilMode.Interventions, seed: 0, steps);
        run.TakeDemonstrations(HilRun.Demonstrate(file, 0, episodes: 5));
        Assert.True(run.Evaluate(50) <= 0.1);
        run.RunTo(1000);
        double help = run.HumanShareFrom(0);
        run.RunTo(steps);
        Assert.True(run.Evaluate(50) >= 0.5, $"success {run.Evaluate(50)} after {steps} steps");
        Assert.True(run.FinalInterventionRate < help / 2, $"help fell from {help} to {run.FinalInterventionRate} only");
    }

    private static RunDescription Load(ulong seed)
    {
        RunDescription run = RunDescription.Load(s_run);
        run.Seed = seed;
        return run;
    }

    private static long CountHuman(string store, TransitionSchema schema, out long onsets)
    {
        long human = 0;
        onsets = 0;
        foreach (SpoolStream stream in SpoolStream.List(store))
        {
            using SpoolReader reader = SpoolReader.Open(store, stream, schema);
            while (reader.TryRead(out _, out TransitionHeader header))
            {
                human += header.Source == ActionSource.Human ? 1 : 0;
                onsets += (header.Flags & TransitionFlags.InterventionOnset) != 0 ? 1 : 0;
            }
        }
        return human;
    }
}
