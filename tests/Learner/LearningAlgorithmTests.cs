using Robotics.Configuration;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Tests;

public sealed class LearningAlgorithmTests
{
    private static readonly ReplayLayout s_layout = new(2, 0, 1, 0);

    [Theory]
    [InlineData("kind: td3", HumanShare.None, false)]
    [InlineData("kind: sac", HumanShare.None, false)]
    [InlineData("kind: rlpd", HumanShare.Everything, false)]
    [InlineData("{ kind: rlpd, human_data: demonstrations }", HumanShare.Demonstrations, false)]
    [InlineData("kind: rlif", HumanShare.Everything, true)]
    [InlineData("kind: hg_dagger", HumanShare.Everything, false)]
    [InlineData("kind: behaviour_cloning", HumanShare.Demonstrations, false)]
    public void Read_EveryKind_KnowsItsDataAndItsReward(string section, HumanShare human, bool interventionIsReward)
    {
        LearningAlgorithm algorithm = Read(section, out ConfigDocument document);
        document.ThrowIfBad();
        Assert.Equal(human, algorithm.Human);
        Assert.Equal(interventionIsReward, algorithm.InterventionIsReward);
        using IPolicyLearner learner = algorithm.Create(s_layout, 1, DenseKernels.For(KernelChoice.Auto));
        PublishedActor actor = PublishedActor.Of(learner, 1);
        Assert.Equal((2, 1), (actor.Network.ObservationLength, actor.Network.ActionLength));
        var network = new PublishedNetwork(actor);
        Assert.Equal(network.Act([0.3f, -0.2f]), Deterministic(learner, [0.3f, -0.2f]), 1e-5f);
    }

    [Theory]
    [InlineData("{ kind: rlpd, gama: 0.9 }", "gama")]
    [InlineData("{ kind: rlpd, target_subset: 5 }", "target_subset")]
    [InlineData("{ kind: rlpd, hidden: [20] }", "hidden")]
    [InlineData("{ kind: rlpd, human_data: all }", "human_data")]
    [InlineData("{ kind: rlpd, human_data: none, demonstrations: . }", "demonstrations")]
    [InlineData("{ kind: hg_dagger, demonstrations: nowhere }", "nowhere")]
    [InlineData("{ kind: sac, warm_start: { checkpoint: nowhere } }", "warm_start.checkpoint")]
    [InlineData("{ kind: dagger }", "hg_dagger")]
    public void Read_WrongKeyOrValue_IsListed(string section, string expected)
    {
        Read(section, out ConfigDocument document);
        ConfigurationException e = Assert.Throws<ConfigurationException>(document.ThrowIfBad);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ReplaySection_SizesThePartitionsAndNamesTheFile()
    {
        ConfigDocument document = ConfigDocument.Parse("{ algorithm: { kind: rlpd }, replay: { capacity_steps: 5000, human_capacity_steps: 2000, file: big/replay.map } }");
        LearningAlgorithm algorithm = LearningAlgorithm.Read(document.Root.Map("algorithm"), 1000, document.Root.MapOrNull("replay"));
        document.ThrowIfBad();
        Assert.Equal(new ReplaySizes(5000, 2000, Path.GetFullPath("big/replay.map", document.Folder)), algorithm.Replay);
        document = ConfigDocument.Parse("{ algorithm: { kind: rlpd }, replay: { capacity_steps: 5000 } }");
        Assert.Equal(new ReplaySizes(5000, 5000), LearningAlgorithm.Read(document.Root.Map("algorithm"), 1000, document.Root.MapOrNull("replay")).Replay);
        document = ConfigDocument.Parse("{ algorithm: { kind: rlpd }, replay: { capacity: 5000 } }");
        LearningAlgorithm.Read(document.Root.Map("algorithm"), 1000, document.Root.MapOrNull("replay"));
        Assert.Contains("capacity_steps", Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message, StringComparison.Ordinal);
    }

    // A replay that wraps overwrites at other times than one that does not: a checkpoint goes with its size.
    [Fact]
    public void Restore_AnotherReplaySize_IsRefused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}.checkpoint");
        try
        {
            LearningAlgorithm algorithm = Read("{ kind: sac, hidden: [16, 16] }", out _);
            using var first = new Trainer(s_layout, algorithm, new RlifReward(), 5);
            using var other = new Trainer(s_layout, algorithm with { Replay = new ReplaySizes(100, 100) }, new RlifReward(), 5);
            first.Save(path);
            Assert.NotEqual(Checkpoints.CheckpointStatus.Ok, other.Restore(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // The same updates after a resume as without one, bit for bit, for every kind.
    [Theory]
    [InlineData("{ kind: sac, hidden: [16, 16], batch: 16, warmup_steps: 10 }")]
    [InlineData("{ kind: rlpd, hidden: [16, 16], batch: 16, warmup_steps: 10, critics: 3 }")]
    [InlineData("{ kind: rlpd, hidden: [16, 16], batch: 16, warmup_steps: 10 }", 40)] // the replay wraps, in a mapped file
    [InlineData("{ kind: hg_dagger, hidden: [16, 16], batch: 16 }")]
    public void Restore_FromCheckpoint_GoesOnBitExactly(string section, int slots = 0)
    {
        string path = Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}.checkpoint");
        try
        {
            using Trainer whole = Make(section, slots: slots), resumed = Make(section, slots: slots);
            Feed(whole, 0, 60);
            whole.Save(path);
            Feed(whole, 60, 90);
            Assert.Equal(Checkpoints.CheckpointStatus.Ok, resumed.Restore(path));
            Feed(resumed, 0, 90);
            Assert.True(whole.Learner.ActorUpdates > 0);
            Assert.True(whole.Learner.Actor.Parameters.Span.SequenceEqual(resumed.Learner.Actor.Parameters.Span));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // WSRL: the earlier run's networks, none of its data, and no update before the frozen policy has flown its steps.
    [Fact]
    public void BeginWith_CheckpointOfAnotherSeed_TakesItsNetworksAndWaits()
    {
        string path = Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}.checkpoint");
        try
        {
            using Trainer earlier = Make("{ kind: rlpd, hidden: [16, 16], batch: 16, warmup_steps: 10 }", seed: 1);
            Feed(earlier, 0, 60);
            earlier.Save(path);
            using Trainer warm = Make($"{{ kind: rlpd, hidden: [16, 16], batch: 16, warmup_steps: 10, warm_start: {{ checkpoint: {path}, steps: 50 }} }}", seed: 2);
            warm.BeginWith(path);
            long updates = warm.Learner.CriticUpdates;
            Assert.True(earlier.Learner.Actor.Parameters.Span.SequenceEqual(warm.Learner.Actor.Parameters.Span));
            Feed(warm, 0, 40);
            Assert.Equal(updates, warm.Learner.CriticUpdates);
            Assert.True(earlier.Learner.Actor.Parameters.Span.SequenceEqual(warm.Learner.Actor.Parameters.Span));
            Feed(warm, 40, 60);
            Assert.True(warm.Learner.CriticUpdates > updates);
            using Trainer other = Make("{ kind: rlpd, hidden: [32, 32], batch: 16 }", seed: 2);
            Assert.Throws<InvalidDataException>(() => other.BeginWith(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static LearningAlgorithm Read(string section, out ConfigDocument document)
    {
        document = ConfigDocument.Parse(section.StartsWith('{') ? $"algorithm: {section}" : $"algorithm: {{ {section} }}");
        return LearningAlgorithm.Read(document.Root.Map("algorithm"), 1000);
    }

    private static Trainer Make(string section, ulong seed = 5, int slots = 0)
    {
        LearningAlgorithm algorithm = Read(section, out ConfigDocument document);
        document.ThrowIfBad();
        if (slots > 0)
            algorithm = algorithm with { Replay = new ReplaySizes(slots, slots, Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}.map")) };
        return new Trainer(s_layout, algorithm, new RlifReward(), seed);
    }

    // Every other run of ten steps is a person's.
    private static void Feed(Trainer trainer, int from, int to)
    {
        var schema = new Experience.TransitionSchema("test", 1, 2, 0, 1, 0);
        for (int i = from; i < to; i++)
        {
            var record = new Experience.TransitionRecord(schema)
            {
                Identity = new Experience.TransitionIdentity(1, 1, (ulong)i + 1),
                Step = (uint)i,
                Source = i / 10 % 2 == 0 ? ActionSource.Human : ActionSource.Policy,
            };
            record.Frame[0] = MathF.Sin(i);
            record.Frame[1] = MathF.Cos(2 * i);
            record.Executed[0] = MathF.Sin(3 * i);
            trainer.Ingest(record);
            trainer.Step();
        }
    }

    private static unsafe float Deterministic(IPolicyLearner learner, float[] observation)
    {
        using var trace = new MlpTrace(learner.Actor.Shape, 1, withGradients: false);
        using var memory = new AlignedBuffer(16);
        var input = new Matrix((nint)memory.Pointer, 1, observation.Length, 16);
        observation.CopyTo(input.Span(0));
        float first = learner.Actor.Forward(input, trace).Span(0)[0];
        return learner.ActionSquash == Policies.Activation.Tanh ? MathF.Tanh(first) : first;
    }

    private sealed class PublishedNetwork(PublishedActor actor)
    {
        private readonly Policies.PolicyNetwork _network = Policies.PolicyNetwork.Create(actor.Network, actor.Parameters);

        public float Act(float[] observation)
        {
            var action = new float[1];
            Assert.True(_network.Act(observation, action));
            return action[0];
        }

    }
}
