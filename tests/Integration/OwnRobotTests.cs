using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>A robot, a task and a run that src/ knows nothing of, from a folder outside the checkout.</summary>
public sealed class OwnRobotTests
{
    private const int Episodes = 20;

    [Fact]
    public void Run_OutOfTreeRobotTaskAndReward_IsFlownAndLearnt()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "examples", "own-robot"), "*.yaml"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        using var link = new MemoryLink(capacity: 1024);
        using IEdgeChannel channel = link.Connect();
        using var edge = new EdgeProcess(Load(folder), folder.Path, [], channel);
        using var learner = new LearnerProcess(Load(folder), folder.Path, link.Learner);
        var lengths = new List<int>();
        for (long turns = 0; !edge.IsDone; turns++)
        {
            Assert.True(turns < 5_000_000, $"no end: {edge.Progress()} {learner.Progress()}");
            edge.Turn(mayBlock: false);
            learner.Turn();
            if (edge.Control.Recorded >= edge.Robot.Run.Steps)
                learner.Commit();
            if (edge.Control.EpisodesEnded > lengths.Count)
                lengths.Add(edge.Control.LastEpisode.Steps);
        }
        double before = lengths.Take(Episodes).Average(), after = lengths.TakeLast(Episodes).Average();
        Assert.True(after > 1.5 * before, $"mean episode length {before} at the start, {after} at the end: nothing was learnt");
        Assert.Equal(0, edge.Control.Loop.Interventions);
        learner.Dispose();
        Assert.Equal(new IdentityCount(40_000, 40_000, 0, 0), IdentityCount.Of(folder["spool"], folder["store"]));
    }

    private static RunDescription Load(TemporaryFolder folder) => RunDescription.Load(folder["run.yaml"]);
}
