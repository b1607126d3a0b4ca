using Robotics.Learner.Checkpoints;
using Robotics.Learner.Replay;
using Robotics.Learner.Td3;

namespace Robotics.Learner.Tests.Td3;

public sealed class CheckpointTests : IDisposable
{
    private static readonly ReplayLayout s_layout = new(2, 3, 2, 3);
    private static readonly Td3Options s_options = new()
    {
        Steps = 400,
        Batch = 32,
        Hidden = [32, 16],
        CriticWarmup = 50,
        ActorWarmup = 60,
        CriticEvery = 2,
        ActorEvery = 4,
        ActorAverage = 0.9,
    };

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"checkpoint-{Guid.NewGuid():N}");

    [Fact]
    public void Restore_AfterReplay_MakesTheSameFutureUpdates()
    {
        using Trainer first = Make();
        Feed(first, 0, 200);
        first.Save(_path);
        Feed(first, 200, 400);

        using Trainer second = Make();
        Assert.Equal(CheckpointStatus.Ok, second.Restore(_path));
        Assert.Equal(200, second.StepsToReplay);
        Feed(second, 0, 400);
        Assert.Equal(0, second.StepsToReplay);
        Assert.Equal(first.Learner.Actor.ToRowMajor(), second.Learner.Actor.ToRowMajor());
        Assert.Equal(first.Learner.Published.ToRowMajor(), second.Learner.Published.ToRowMajor());
        Assert.Equal(Td3(first).CriticTargets[1].ToRowMajor(), Td3(second).CriticTargets[1].ToRowMajor());
        Assert.NotEqual(first.Learner.Actor.ToRowMajor(), first.Learner.Published.ToRowMajor());
    }

    [Fact]
    public void Restore_AnyByteChanged_IsRefused()
    {
        using Trainer trainer = Make();
        Feed(trainer, 0, 100);
        trainer.Save(_path);
        byte[] whole = File.ReadAllBytes(_path);
        foreach (int at in (int[])[0, 5, 9, 20, 60, whole.Length / 2, whole.Length - 1])
        {
            byte[] broken = [.. whole];
            broken[at] ^= 1;
            File.WriteAllBytes(_path, broken);
            using Trainer other = Make();
            Assert.NotEqual(CheckpointStatus.Ok, other.Restore(_path));
        }
        File.WriteAllBytes(_path, whole[..^7]);
        using Trainer cut = Make();
        Assert.Equal(CheckpointStatus.Damaged, cut.Restore(_path));
    }

    [Fact]
    public void Restore_OtherOptions_IsRefused()
    {
        using Trainer trainer = Make();
        trainer.Save(_path);
        using var other = new Trainer(s_layout, s_options with { Gamma = 0.98 }, new HoverlessReward(), 5);
        Assert.Equal(CheckpointStatus.OtherRun, other.Restore(_path));
        using Trainer same = Make();
        Assert.Equal(CheckpointStatus.Missing, same.Restore(_path + ".none"));
    }

    public void Dispose() => File.Delete(_path);

    private static Td3Learner Td3(Trainer trainer) => Assert.IsType<Td3Learner>(trainer.Learner);

    private static Trainer Make() => new(s_layout, s_options, new HoverlessReward(), 5);

    // Steps depend on their number alone, so that a replayed stream equals the recorded one.
    private static void Feed(Trainer trainer, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            float x = MathF.Sin(i);
            int t = i % 17;
            trainer.Ingest(
                new EnvironmentStep
                {
                    Frame = [x, MathF.Cos(i)],
                    Privileged = [x, 1, t],
                    Action = [MathF.Sin(2 * i), MathF.Cos(3 * i)],
                    EpisodeStep = t,
                    Terminated = t == 16 && i % 2 == 0,
                    Truncated = t == 16 && i % 2 == 1,
                    FinalFrame = [0, 1],
                    FinalPrivileged = [0, 1, 17],
                }
            );
            trainer.Step();
        }
    }

    private sealed class HoverlessReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) =>
            (labels & StepLabels.Terminated) != 0 ? -1 : criticState[0] * action[0];
    }
}
