using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Integration.Tests.Teleop;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

/// <summary>The learning configurations of runs/ through real processes: <c>robotics learn</c> and <c>robotics run --lockstep</c>, linked by sockets.</summary>
public sealed class LearningProcessTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();
    private readonly AutoResetEvent _changed = new(false);

    public void Dispose()
    {
        _changed.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Reach_FromTheRewardAlone_IsLearnt()
    {
        (JsonElement edge, JsonElement learner) = Learn("reach", steps: 3000, []);
        Assert.True(edge.GetProperty("evaluation_success_share").GetDouble() >= 0.8, edge.ToString());
        Assert.True(learner.GetProperty("critic_updates").GetInt64() > 10_000, learner.ToString());
    }

    // Imitation has no critic; what it learns from are the steps of the simulated person, which only corrections give here.
    [Fact]
    public void HgDagger_FromCorrectionsAlone_InsertsSometimes()
    {
        (JsonElement edge, JsonElement learner) = Learn("insert-hg-dagger", steps: 1500, []);
        Assert.Equal(0, learner.GetProperty("critic_updates").GetInt64());
        Assert.True(edge.GetProperty("evaluation_success_share").GetDouble() > 0.1, edge.ToString()); // chance: 0 of 1,000 (docs/tasks/insertion.md)
    }

    [Fact]
    public void Cloning_FromRecordedDemonstrations_FliesTheClonedPolicyFromTheFirstStepOn()
    {
        RunToEnd("record", RunFile("insert"), "--episodes", "20", "--folder", _folder["demos"]);
        (JsonElement edge, _) = Learn("insert-cloning", steps: 300, ["--set", $"algorithm.demonstrations={_folder["demos/spool"]}"]);
        Assert.True(edge.GetProperty("mean_return").GetDouble() > 0.1, edge.ToString());
        Assert.True(edge.GetProperty("evaluation_success_share").GetDouble() > 0.3, edge.ToString());
    }

    // WSRL: 8 updates for each step after those that the frozen policy flew, and none before.
    [Fact]
    public void WarmStart_FromAnEarlierRunsCheckpoint_UpdatesOnlyAfterTheFrozenPolicyHasFlown()
    {
        Learn("insert", steps: 200, ["--set", "checkpoint.every_steps=200"]);
        string checkpoint = _folder["insert/checkpoint/trainer.checkpoint"];
        (_, JsonElement learner) = Learn("insert-warm", steps: 150, ["--set", $"algorithm.warm_start.checkpoint={checkpoint}", "--set", "algorithm.warm_start.steps=100"]);
        long before = 8 * 101; // of the run whose networks it took: it trains from step 100 to 200
        Assert.Equal(before + (8 * 51), learner.GetProperty("critic_updates").GetInt64());
    }

    // What the edge sent before the learner ended is in the checkpoint or ingested again from the store: no update is missing, none comes twice.
    [Fact]
    public void Learn_Resumed_GoesOnWhereItEnded()
    {
        (_, JsonElement first) = Learn("insert", steps: 200, ["--set", "checkpoint.every_steps=120"]);
        using var learner = new RoboticsProcess(
            _changed, null, ["learn", RunFile("insert"), "--folder", _folder["insert"], "--endpoint", $"tcp://127.0.0.1:{LiveRobot.FreePort()}",
                "--steps", "200", "--set", "checkpoint.every_steps=120", "--resume", "--progress"]);
        while (!learner.TryReadLine(out _)) // the first line of --progress: the store is taken in
            Assert.True(_changed.WaitOne(s_deadline) && !learner.HasExited, learner.Errors);
        learner.Terminate();
        JsonElement again = LastLine(learner);
        foreach (string name in (string[])["in_replay", "critic_updates", "broken_off"])
            Assert.Equal(first.GetProperty(name).GetInt64(), again.GetProperty(name).GetInt64());
        Assert.Equal(2, again.GetProperty("epoch").GetInt64());
    }

    private static string RunFile(string name) => Path.Combine(SharedData.RepositoryRoot, "runs", $"{name}.yaml");

    private (JsonElement Edge, JsonElement Learner) Learn(string run, int steps, string[] learning)
    {
        string endpoint = $"tcp://127.0.0.1:{LiveRobot.FreePort()}";
        string[] common = [RunFile(run), "--folder", _folder[run], "--endpoint", endpoint, "--steps", $"{steps}"];
        using var learner = new RoboticsProcess(_changed, null, ["learn", .. common, .. learning]);
        JsonElement edge = RunToEnd(["run", .. common, "--lockstep", "--evaluate"]);
        learner.Terminate();
        JsonElement learnt = LastLine(learner);
        Assert.Equal(steps, edge.GetProperty("steps").GetInt64());
        Assert.Equal(steps, edge.GetProperty("acknowledged").GetInt64());
        Assert.Equal(steps, learnt.GetProperty("in_replay").GetInt64());
        Assert.True(edge.GetProperty("policies_installed").GetInt64() > 1, edge.ToString());
        return (edge, learnt);
    }

    private JsonElement RunToEnd(params string[] arguments)
    {
        using var process = new RoboticsProcess(_changed, null, arguments);
        return LastLine(process);
    }

    private static JsonElement LastLine(RoboticsProcess process)
    {
        Assert.True(process.WaitForExit(s_deadline), process.Errors);
        Assert.True(process.ExitCode == 0, process.Errors);
        string last = "{}";
        while (process.TryReadLine(out string line))
            last = line.StartsWith('{') ? line : last;
        using JsonDocument document = JsonDocument.Parse(last);
        return document.RootElement.Clone();
    }
}
