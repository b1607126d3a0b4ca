using Robotics.Core;
using Robotics.Policies.Streaming;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Stream;

/// <summary>Behind <c>robotics bench stream</c>: what a step costs, and what the very same learner learns.</summary>
public static class StreamBenchmark
{
    private const int Warmup = 20_000;
    private const int Steps = 50_000;
    private const int Observation = 32; // the size of the published comparison: 32 observed values, 8 actions
    private const int Actions = 8;
    private const long PendulumSteps = 300_000;
    private const int PendulumWindow = 20;
    private const long HoverSteps = 2_000_000;
    private const int HoverWindow = 100;

    /// <summary>Times act and learn together, step by step.</summary>
    public static StreamFigures Measure()
    {
        StreamAcLearner learner = StreamAcLearner.Fresh(Observation, Actions, new StreamAcOptions(), seed: 1);
        var random = new SeededRandom(1, "stream");
        float[] observation = new float[Observation], action = new float[Actions];
        double[] cpu = new double[Steps], wall = new double[Steps];
        learner.Begin(observation);
        long before = 0;
        for (int i = -Warmup; i < Steps; i++)
        {
            foreach (ref float value in observation.AsSpan())
                value = (float)random.NextGaussian();
            float reward = (float)random.NextGaussian();
            if (i == 0)
                before = GC.GetAllocatedBytesForCurrentThread();
            (long wallStart, long cpuStart) = (MonotonicClock.Instance.NowNs, ThreadCpuClock.Instance.NowNs);
            learner.Act(action);
            learner.Step(action, reward, observation, terminated: false, truncated: false);
            (long cpuEnd, long wallEnd) = (ThreadCpuClock.Instance.NowNs, MonotonicClock.Instance.NowNs);
            if (i >= 0)
                (cpu[i], wall[i]) = ((cpuEnd - cpuStart) * 1e-3, (wallEnd - wallStart) * 1e-3);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(cpu);
        Array.Sort(wall);
        return new StreamFigures(cpu[Steps / 2], cpu[Steps * 999 / 1000], wall[Steps * 999 / 1000], allocated);
    }

    /// <summary>Mean return of the last 20 pendulum episodes, exploration included, after <paramref name="steps"/>.</summary>
    public static double LearnPendulum(ulong seed, long steps = PendulumSteps) =>
        Learn(new PendulumStreamTask(seed), seed, steps, PendulumWindow).MeanReturn;

    /// <summary>Mean length of the last 100 hover episodes, exploration included, after <paramref name="steps"/>.</summary>
    /// <param name="hover">A simulated quadrotor at tasks/hover-stream.yaml.</param>
    public static double LearnHover(SimulatedQuadrotorTask hover, ulong seed, long steps = HoverSteps)
    {
        ArgumentNullException.ThrowIfNull(hover);
        return Learn(new QuadrotorStreamTask(hover.Single(seed), hover.Task.Reward.CurriculumAt(0)), seed, steps, HoverWindow).MeanLength;
    }

    private static StreamRun Learn(IStreamTask task, ulong seed, long steps, int window)
    {
        var run = new StreamRun(task, StreamAcLearner.Fresh(task.ObservationLength, task.ActionLength, new StreamAcOptions(), seed), window);
        run.RunTo(steps);
        return run;
    }
}
