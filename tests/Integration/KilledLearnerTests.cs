using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

public sealed class KilledLearnerTests
{
    private const long Steps = 22_000;
    private const string HoverRun = "runs/hover.yaml";

    // The learner is dropped without a word (no commit, no checkpoint at its end) and a new one takes over its folder.
    [Fact]
    public void Run_LearnerDroppedAndRestarted_ResumesWithoutLossAndWithANewEpoch() =>
        Assert.Equal(new IdentityCount(Steps, Steps, 0, 0), CountAfterRestart(HoverRun));

    // The store keeps a third of what was recorded: the learner that takes over does without the rest, and counts it all the same.
    [Fact]
    public void Run_StoreWithABound_ResumesWithWhatItKeeps()
    {
        using var folder = new TemporaryFolder();
        string path = folder["bounded.yaml"];
        string run = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, HoverRun)).Replace("../", SharedData.RepositoryRoot + "/", StringComparison.Ordinal);
        File.WriteAllText(path, run + "\nstore:\n  max_mib: 2\n  when_full: drop_oldest\n");
        IdentityCount count = CountAfterRestart(path);
        Assert.Equal((Steps, 0L, 0L), (count.Recorded, count.Lost, count.Duplicated));
        Assert.InRange(count.Stored, 2000, Steps / 2);
    }

    private static IdentityCount CountAfterRestart(string run)
    {
        using var folder = new TemporaryFolder();
        using var link = new MemoryLink(capacity: 1024);
        using IEdgeChannel channel = link.Connect();
        using var edge = new EdgeProcess(Load(run), folder.Path, [], channel);
        var learner = new LearnerProcess(Load(run), folder.Path, link.Learner);
        bool dropped = false;
        for (long turns = 0; !edge.IsDone; turns++)
        {
            Assert.True(turns < 5_000_000, $"no end: {edge.Progress()} {learner.Progress()}");
            edge.Turn(mayBlock: false);
            learner.Turn();
            if (edge.Control.Recorded >= Steps)
                learner.Commit();
            if (dropped || learner.Trainer.IngestedSteps < 17_000)
                continue;
            dropped = true;
            Assert.True(learner.Trainer.Learner.CriticUpdates > 0);
            learner.Dispose();
            learner = new LearnerProcess(Load(run), folder.Path, link.Learner);
            Assert.True(learner.Trainer.Learner.CriticUpdates > 0, "the learner began anew");
        }
        Assert.True(dropped);
        Assert.Equal(2u, learner.Epoch);
        Assert.Equal(Steps, learner.Trainer.IngestedSteps);
        Assert.Equal(2u, edge.Control.Policy.Epoch);
        learner.Dispose();
        return IdentityCount.Of(folder["spool"], folder["store"]);
    }

    private static RunDescription Load(string run) => LockstepRun.Load(run, Steps, 5, "checkpoint.every_steps=4000");
}
