using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner.Replay;
using Robotics.Learner.Td3;

namespace Robotics.Learner.Tests;

/// <summary>A learner of several robots that goes on from its checkpoint and its store alone.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Robots = 3, Records = 600, SavedAt = 350, EpisodeLength = 40;
    private static readonly TransitionSchema s_schema = new("resume", 2, 2, 3, 2, 3);
    private static readonly ReplayLayout s_layout = new(2, 3, 2, 3);
    private static readonly Td3Options s_options = new() { Steps = Records, Batch = 32, Hidden = [32, 16], CriticWarmup = 50, ActorWarmup = 60, CriticEvery = 2, ActorEvery = 4 };
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}");

    // The records of three robots arrive interleaved; one reboots, one joins late. The replay wraps. The learner is killed long after its checkpoint.
    [Theory]
    [InlineData(1024)]
    [InlineData(150)]
    public void Resume_RobotsInterleaved_MakesTheSameUpdates(int capacity)
    {
        using Trainer first = Make(capacity);
        Play(first, Path.Combine(_root, "store"));
        using Trainer second = Make(capacity);
        using (var store = new ExperienceStore(Path.Combine(_root, "store")))
        {
            new CheckpointKeeper(_root, second, store, 1_000_000).Resume(new LearnerLoop(second, s_schema, 1_000_000), out long transitions);
            Assert.Equal(Records, transitions);
        }
        Assert.True(first.Learner.CriticUpdates > 100);
        Assert.Equal((first.IngestedSteps, first.BrokenOffSteps), (second.IngestedSteps, second.BrokenOffSteps));
        Assert.Equal(first.Learner.Actor.ToRowMajor(), second.Learner.Actor.ToRowMajor());
    }

    // Handed over twice, by stores that were opened anew each time and took more in between: still the order of arrival.
    [Fact]
    public void Replay_StoreOpenedAgainAndAgain_KeepsTheOrderOfArrival()
    {
        var arrived = new List<TransitionIdentity>();
        var random = new SeededRandom(5);
        ulong[] sequences = new ulong[Robots];
        for (int life = 0; life < 4; life++)
        {
            using var store = new ExperienceStore(_root);
            var sink = new Order();
            Assert.Equal(arrived.Count, store.Replay(sink));
            Assert.Equal(arrived, sink.Identities);
            for (int i = 0; i < 100; i++)
            {
                int robot = random.NextInt(Robots);
                arrived.Add(new TransitionIdentity((ulong)robot + 1, 1, ++sequences[robot]));
                Append(store, arrived[^1]);
            }
        }
    }

    // A torn last entry and a file that is gone cost the order, never a transition.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Replay_OrderDamaged_EveryTransitionOnce(bool gone)
    {
        using (var store = new ExperienceStore(_root))
        {
            for (ulong i = 1; i <= 50; i++)
            {
                Append(store, new TransitionIdentity(1, 1, i));
                Append(store, new TransitionIdentity(2, 1, i));
            }
        }
        string path = Path.Combine(_root, "arrivals");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, gone ? [] : whole[..^5]);
        using var again = new ExperienceStore(_root);
        var sink = new Order();
        Assert.Equal(100, again.Replay(sink));
        Assert.Equal(100, sink.Identities.Distinct().Count());
    }

    public void Dispose()
    {
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    private static Trainer Make(int capacity) =>
        new(s_layout, LearningAlgorithm.Td3(s_options) with { Replay = new ReplaySizes(capacity, 8) }, new ActionReward(), 5);

    private void Play(Trainer trainer, string folder)
    {
        using var store = new ExperienceStore(folder);
        var keeper = new CheckpointKeeper(_root, trainer, store, 1_000_000);
        var loop = new LearnerLoop(trainer, s_schema, 1_000_000);
        var random = new SeededRandom(2);
        ulong[] sequences = new ulong[Robots];
        for (int i = 0; i < Records; i++)
        {
            int robot = random.NextInt(i < 100 ? Robots - 1 : Robots);
            ulong boot = robot == 0 && i >= 200 ? 2u : 1u;
            if (robot == 0 && boot == 2 && sequences[0] < 10_000)
                sequences[0] = 10_000;
            var identity = new TransitionIdentity((ulong)robot + 1, boot, ++sequences[robot]);
            (TransitionHeader header, byte[] record) = Append(store, identity);
            loop.Ingest(s_schema, header, record);
            if (i + 1 == SavedAt)
                keeper.Save();
        }
        Assert.Equal(Records, trainer.IngestedSteps);
    }

    private static (TransitionHeader Header, byte[] Record) Append(ExperienceStore store, TransitionIdentity identity)
    {
        uint step = (uint)((identity.Sequence - 1) % EpisodeLength);
        var record = new TransitionRecord(s_schema) { Identity = identity, Step = step, Episode = (identity.Sequence - 1) / EpisodeLength };
        if (step == EpisodeLength - 1)
            record.Flags = TransitionFlags.Truncated | TransitionFlags.HasFinal;
        for (int i = 0; i < 2; i++)
        {
            record.Frame[i] = MathF.Sin((identity.Robot * 1000) + identity.Sequence + (ulong)i);
            record.Executed[i] = MathF.Cos((identity.Robot * 1000) + identity.Sequence + (ulong)i);
        }
        byte[] bytes = new byte[s_schema.FinalRecordLength];
        int length = TransitionCodec.Encode(record, bytes);
        Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryPeek(bytes.AsSpan(0, length), s_schema, out TransitionHeader header));
        Assert.Equal(SpoolStatus.Ok, store.Append(store.Open(new SpoolStream(identity.Robot, identity.Boot), s_schema), header, bytes.AsSpan(0, length)));
        return (header, bytes[..length]);
    }

    private sealed class Order : ITransitionSink
    {
        public List<TransitionIdentity> Identities { get; } = [];

        public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) => Identities.Add(header.Identity);
    }

    private sealed class ActionReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => criticState[0] + action[0];
    }
}
