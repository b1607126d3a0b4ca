using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>A whole run in one process on one thread: edge and learner over an in-memory link, the same protocol and the same files.</summary>
internal static class LockstepRun
{
    public static RunDescription Load(string path, long steps, ulong seed, params IEnumerable<string> set)
    {
        RunDescription run = RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, path), set);
        run.Steps = steps;
        run.Seed = seed;
        return run;
    }

    /// <summary>Runs until every step is recorded, acknowledged and learnt from; returns the actor's parameters.</summary>
    public static float[] Run(string folder, Func<RunDescription> load)
    {
        using var link = new MemoryLink(capacity: 1024);
        using IEdgeChannel channel = link.Connect();
        using var edge = new EdgeProcess(load(), folder, [], channel);
        using var learner = new LearnerProcess(load(), folder, link.Learner);
        long turns = 0;
        while (!edge.IsDone)
        {
            edge.Turn(mayBlock: false);
            learner.Turn();
            if (edge.Control.Recorded >= edge.Robot.Run.Steps)
                learner.Commit();
            Assert.True(++turns < 5_000_000, $"no end: {edge.Progress()} {learner.Progress()}");
        }
        Assert.Equal(0, edge.Agent.Policies.Refused);
        Assert.Equal("", edge.Agent.Policies.LastRefusal);
        return learner.Trainer.Learner.Actor.Parameters.Span.ToArray();
    }
}
