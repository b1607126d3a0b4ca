using Robotics.Core;
using Robotics.Learner.Bench.Pendulum;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;
using Robotics.Learner.Sac;

namespace Robotics.Learner.Tests.Sac;

public sealed unsafe class SacLearnerTests
{
    private const int Batch = 32;
    private const int Actions = 2;

    // The head's gradient of mean(α log π - w·a) against central differences in double precision, noise held fixed.
    [Fact]
    public void Backward_SquashedGaussian_EqualsFiniteDifferences()
    {
        const double alpha = 0.3;
        const double h = 1e-5;
        using var policy = new SquashedGaussian(Batch, Actions);
        using var memory = new AlignedBuffer(Batch * 16);
        var head = new Matrix((nint)memory.Pointer, Batch, 2 * Actions, 16);
        var random = new SeededRandom(4);
        for (int b = 0; b < Batch; b++)
        {
            foreach (ref float x in head.Span(b))
                x = (float)random.NextGaussian();
        }
        double[][] rows = [.. Enumerable.Range(0, Batch).Select(b => head.Span(b).ToArray().Select(v => (double)v).ToArray())];
        policy.Sample(head, new GaussianNoise(new SeededRandom(5)));
        var slope = new float[Batch * Actions];
        for (int i = 0; i < slope.Length; i++)
            slope[i] = (float)random.NextGaussian() / Batch;
        fixed (float* s = slope)
            policy.Backward(s, (float)(alpha / Batch), head);
        for (int b = 0; b < Batch; b++)
        {
            for (int k = 0; k < 2 * Actions; k++)
            {
                double old = rows[b][k];
                rows[b][k] = old + h;
                double up = Loss(rows[b], policy, b, slope, alpha);
                rows[b][k] = old - h;
                double down = Loss(rows[b], policy, b, slope, alpha);
                rows[b][k] = old;
                Assert.Equal((up - down) / (2 * h), head.Span(b)[k], 2e-4);
            }
            Assert.Equal(LogProbability(rows[b], policy, b), policy.LogProbability[b], 0.1); // 1 - a² cancels in float32 near |a| = 1
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_TwoThreads_CriticsEqualOneThread(bool mean)
    {
        var options = new SacOptions
        {
            Hidden = [32, 32],
            Batch = 64,
            Critics = 5,
            CriticLayerNorm = true,
            ActorUsesMean = mean,
            Warmup = 0,
        };
        var layout = new ReplayLayout(3, 0, 2, 0);
        using ReplayMemory store = Filled(layout);
        using var one = new SacLearner(options, layout, 3, DenseKernels.For(KernelChoice.Auto), threads: 1);
        using var two = new SacLearner(options, layout, 3, DenseKernels.For(KernelChoice.Auto), threads: 2);
        one.Step(1, store);
        two.Step(1, store);
        for (int i = 0; i < options.Critics; i++)
            Assert.Equal(one.Critics[i].ToRowMajor(), two.Critics[i].ToRowMajor());
        float[] a = one.Actor.ToRowMajor();
        float[] b = two.Actor.ToRowMajor();
        Assert.All(a.Zip(b), p => Assert.Equal(p.First, p.Second, 1e-3f)); // sums of gradients in another order; Adam's first step has size 3e-4
    }

    [Fact]
    public void Step_Demonstrations_HalfOfTheBatchComesFromThem()
    {
        var layout = new ReplayLayout(3, 0, 2, 0);
        using ReplayMemory replay = Filled(layout, first: 1, HumanShare.Demonstrations);
        AddDemonstrations(replay, first: 1000);
        using var batch = new ReplayBatch(layout, 64);
        var random = new SeededRandom(1);
        replay.Sample(batch, random, 0, 32);
        replay.SampleHuman(batch, random, 32, 32);
        Assert.All(Enumerable.Range(0, 64), row => Assert.Equal(row < 32 ? 1 : 1000, batch.Observation.Span(row)[0]));
        using var learner = new SacLearner(SacOptions.Rlpd with { Hidden = [32, 32], Batch = 64, Warmup = 0 }, layout, 3, DenseKernels.For(KernelChoice.Auto));
        learner.Step(1, replay);
        Assert.Equal(20, learner.CriticUpdates);
        Assert.All(learner.Actor.ToRowMajor(), v => Assert.True(float.IsFinite(v)));
    }

    // From about -1,200 (untrained) in a part of the 20,000 steps; the full runs are in docs/benchmarks.md.
    [Theory]
    [InlineData(false, 12_000)]
    [InlineData(true, 5_000)]
    public void RunTo_Pendulum_SwingsUp(bool sac, long steps)
    {
        using var run = new PendulumRun(sac, seed: 1);
        run.RunTo(steps);
        double after = run.Evaluate(9);
        Assert.True(after > -300, $"return {after}");
    }

    private static double Loss(double[] row, SquashedGaussian policy, int b, float[] slope, double alpha)
    {
        double loss = alpha / Batch * LogProbability(row, policy, b);
        for (int j = 0; j < Actions; j++)
            loss += slope[(b * Actions) + j] * Action(row, policy, b, j);
        return loss;
    }

    private static double Action(double[] row, SquashedGaussian policy, int b, int j) =>
        Math.Tanh(row[j] + (Math.Exp(LogStd(row, j)) * policy.Noise[(b * Actions) + j]));

    private static double LogStd(double[] row, int j) => -5 + (3.5 * (Math.Tanh(row[Actions + j]) + 1));

    private static double LogProbability(double[] row, SquashedGaussian policy, int b)
    {
        double sum = 0;
        for (int j = 0; j < Actions; j++)
        {
            double epsilon = policy.Noise[(b * Actions) + j];
            double a = Action(row, policy, b, j);
            sum += (-0.5 * epsilon * epsilon) - LogStd(row, j) - (0.5 * Math.Log(2 * Math.PI)) - Math.Log(1 - (a * a) + 1e-6);
        }
        return sum;
    }

    private static void AddDemonstrations(ReplayMemory replay, float first)
    {
        var schema = new Experience.TransitionSchema("test", 1, 3, 0, 2, 0);
        for (int i = 0; i < 40; i++)
        {
            var record = new Experience.TransitionRecord(schema)
            {
                Identity = new Experience.TransitionIdentity(1, 1, (ulong)i + 1),
                Episode = (ulong)i / 20,
                Step = (uint)i % 20,
                Source = ActionSource.Human,
                Flags = i % 20 == 19 ? Experience.TransitionFlags.HasFinal | Experience.TransitionFlags.Truncated : Experience.TransitionFlags.None,
            };
            record.Frame[0] = record.FinalFrame[0] = first;
            replay.AddDemonstration(record);
        }
    }

    private static ReplayMemory Filled(ReplayLayout layout, float first = 0, HumanShare human = HumanShare.None)
    {
        var store = new ReplayMemory(layout, new ReplaySizes(300, 100), new PendulumReward(), human);
        var random = new SeededRandom(8);
        for (int i = 0; i < 200; i++)
        {
            float x = first > 0 ? first : (float)random.NextGaussian();
            store.Add(
                new EnvironmentStep
                {
                    Frame = [x, (float)random.NextGaussian(), (float)random.NextGaussian()],
                    Action = [(float)random.NextUniform(-1, 1), (float)random.NextUniform(-1, 1)],
                    EpisodeStep = i % 20,
                    Truncated = i % 20 == 19,
                    FinalFrame = [x, 0, 0],
                }
            );
        }
        return store;
    }
}
