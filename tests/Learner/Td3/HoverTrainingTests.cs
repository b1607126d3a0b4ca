using Robotics.Learner.Bench.Hover;
using Robotics.Learner.Td3;
using Robotics.Tasks;
using Robotics.Tests.Shared;

namespace Robotics.Learner.Tests.Td3;

public sealed class HoverTrainingTests
{
    private static readonly SimulatedQuadrotorTask s_hover = SimulatedQuadrotorTask.Hover(SharedData.RepositoryRoot);

    // A fast schedule, so that two seconds show learning: from 42 steps in the box to 58 (seed 2, AVX-512, 2026-11-21).
    private static readonly Td3Options s_short = new()
    {
        Steps = 40_000,
        CriticEvery = 4,
        CriticTargetEvery = 4,
        ActorEvery = 8,
        ActorTargetEvery = 8,
        CriticWarmup = 2_000,
        ActorWarmup = 3_000,
    };

    [Fact]
    public void RunTo_ShortSchedule_LearnsToStayLonger()
    {
        using var run = new HoverRun(s_hover.Single(2), s_short, seed: 2);
        double before = HoverQuality.Of(run.Trainer.Learner.Actor, s_hover.Single(9), 50).MeanEpisodeLength;
        run.RunTo(s_short.Steps);
        double after = HoverQuality.Of(run.Trainer.Learner.Actor, s_hover.Single(9), 50).MeanEpisodeLength;
        Assert.True(after > 1.15 * before, $"{before} before, {after} after");
    }

    [Fact]
    public void RunTo_SameSeedTwice_EqualWeights()
    {
        using var first = new HoverRun(s_hover.Single(3), s_short, seed: 3);
        using var second = new HoverRun(s_hover.Single(3), s_short, seed: 3);
        first.RunTo(4_000);
        second.RunTo(4_000);
        Assert.True(first.Trainer.Learner.Actor.Parameters.Span.SequenceEqual(second.Trainer.Learner.Actor.Parameters.Span));
        Assert.True(first.Trainer.Learner.ActorUpdates > 100);
    }

    [Fact]
    public void Step_PublishedSchedule_UpdatesAsOftenAsTheRecipe()
    {
        var options = new Td3Options { Batch = 32 };
        using var run = new HoverRun(s_hover.Single(1), options, seed: 1);
        run.RunTo(30_100);
        Assert.Equal(1 + ((30_100 - 15_000) / 10), run.Trainer.Learner.CriticUpdates);
        Assert.Equal(1 + ((30_100 - 30_000) / 20), run.Trainer.Learner.ActorUpdates);
    }
}
