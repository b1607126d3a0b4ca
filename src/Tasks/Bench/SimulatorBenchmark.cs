using Robotics.Core;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>Measures the batched simulator on one core: <c>robotics bench sim</c>.</summary>
/// <remarks>CPU time of the calling thread, median of the rounds; the two figures are measured in turns, so that a busy moment of the
/// machine hits both alike. Full step: action, reward, dynamics, termination, resets, truncation, noisy frame, history kept in place.</remarks>
public sealed class SimulatorBenchmark
{
    private const int Vehicles = 1024; // 64 blocks: state, frames and history stay in the second-level cache
    private const int Steps = 200; // some 2 ms of steps per round, far above the clock's resolution
    private readonly RobotTask _task;
    private readonly QuadrotorParameters _airframe;
    private readonly SimulationSettings _settings;

    /// <summary>A benchmark of <paramref name="task"/> (bound to QuadrotorChannels.State) on <paramref name="airframe"/>.</summary>
    public SimulatorBenchmark(RobotTask task, QuadrotorParameters airframe, SimulationSettings settings) =>
        (_task, _airframe, _settings) = (task, airframe, settings);

    /// <summary>Runs <paramref name="rounds"/> rounds after as many that only warm up.</summary>
    /// <param name="clock">CPU time of this thread.</param>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    public SimulatorFigures Run(IClock clock, int rounds = 101, int registerBits = 0)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var vehicles = new BatchedQuadrotor(_airframe, 1 / _settings.IntegratorRateHz, Vehicles, registerBits);
        var environment = new BatchedEnvironment(_task, _airframe, _settings, Vehicles, seed: 1, registerBits);
        var actions = new LaneRandom(1, "actions", registerBits);
        double[] stepOnly = new double[rounds], full = new double[rounds];
        for (int round = -rounds; round < rounds; round++)
        {
            double plain = Rate(clock, vehicles.Step);
            if (round % 10 == 0)
                Draw(environment, actions);
            double whole = Rate(clock, environment.Step);
            if (round >= 0)
                (stepOnly[round], full[round]) = (plain, whole);
        }
        return new SimulatorFigures(Median(stepOnly), Median(full), environment.Episodes.MeanLength, WideWidth.Choose(registerBits));
    }

    // Every vehicle its own constant action about the middle of the range: episodes end often, so resets are paid for.
    private static void Draw(BatchedEnvironment environment, LaneRandom actions)
    {
        for (int block = 0; block < environment.Blocks; block++)
            actions.FillUniform(environment.Actions.Block(block));
    }

    private static double Rate(IClock clock, Action step)
    {
        long start = clock.NowNs;
        for (int i = 0; i < Steps; i++)
            step();
        return 1e3 * Steps * Vehicles / (clock.NowNs - start);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
