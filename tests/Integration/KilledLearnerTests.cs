using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

public sealed class KilledLearnerTests
{
    private const long Steps = 22_000;

    // The learner is dropped without a word (no commit, no checkpoint at its end) and a new one takes over its folder.
    [Fact]
    public void Run_LearnerDroppedAndRestarted_ResumesWithoutLossAndWithANewEpoch()
    {
        using var folder = new TemporaryFolder();
        using var link = new MemoryLink(capacity: 1024);
        using IEdgeChannel channel = link.Connect();
        using var edge = new EdgeProcess(Load(), folder.Path, [], channel);
        var learner = new LearnerProcess(Load(), folder.Path, link.Learner);
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
            learner = new LearnerProcess(Load(), folder.Path, link.Learner);
            Assert.True(learner.Trainer.Learner.CriticUpdates > 0, "the learner began anew");
        }
        Assert.True(dropped);
        Assert.Equal(2u, learner.Epoch);
        Assert.Equal(Steps, learner.Trainer.IngestedSteps);
        Assert.Equal(2u, edge.Control.Policy.Epoch);
        learner.Dispose();
        Assert.Equal(new IdentityCount(Steps, Steps, 0, 0), IdentityCount.Of(folder["spool"], folder["store"]));
    }

    private static RunDescription Load() => LockstepRun.Load("runs/hover.yaml", Steps, 5, "checkpoint.every_steps=4000");
}
