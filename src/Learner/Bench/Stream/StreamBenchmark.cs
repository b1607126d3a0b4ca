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

    /// <summary>Times act and learn together, step by step, in turns with plain arithmetic that takes as long.</summary>
    public static StreamFigures Measure()
    {
        StreamAcLearner learner = StreamAcLearner.Fresh(Observation, Actions, new StreamAcOptions(), seed: 1);
        var random = new SeededRandom(1, "stream");
        float[] observation = new float[Observation], action = new float[Actions];
        double[] cpu = new double[Steps], wall = new double[Steps], floor = new double[Steps];
        learner.Begin(observation);
        for (int i = 0; i < Warmup; i++)
            cpu[i % Steps] = TimedStep(learner, random, observation, action).CpuUs;
        double perStep = Median(cpu.AsSpan(0, Warmup).ToArray());
        int turns = 1000;
        for (int i = 0; i < Warmup; i++) // until the arithmetic is compiled and takes as long as a step
            turns = Math.Max(1, turns + Math.Sign(perStep - TimedArithmetic(turns)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
        {
            (cpu[i], wall[i]) = TimedStep(learner, random, observation, action);
            floor[i] = TimedArithmetic(turns);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return new StreamFigures(Median(cpu), TailOf(cpu), TailOf(wall), TailOf(floor), allocated);
    }

    private static (double CpuUs, double WallUs) TimedStep(StreamAcLearner learner, SeededRandom random, float[] observation, float[] action)
    {
        foreach (ref float value in observation.AsSpan())
            value = (float)random.NextGaussian();
        float reward = (float)random.NextGaussian();
        (long wallStart, long cpuStart) = (MonotonicClock.Instance.NowNs, ThreadCpuClock.Instance.NowNs);
        learner.Act(action);
        learner.Step(action, reward, observation, terminated: false, truncated: false);
        (long cpuEnd, long wallEnd) = (ThreadCpuClock.Instance.NowNs, MonotonicClock.Instance.NowNs);
        return ((cpuEnd - cpuStart) * 1e-3, (wallEnd - wallStart) * 1e-3);
    }

    private static double TimedArithmetic(int turns)
    {
        long start = ThreadCpuClock.Instance.NowNs;
        double x = start;
        for (int i = 0; i < turns; i++)
            x = (x * 1.0000001) + 1e-9; // one chain of dependent operations, in registers
        long end = ThreadCpuClock.Instance.NowNs;
        return (end - start + (x == 0 ? 1 : 0)) * 1e-3;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static double TailOf(double[] values)
    {
        Array.Sort(values);
        return values[values.Length * 999 / 1000];
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
