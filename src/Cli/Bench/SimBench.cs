using Robotics.Core;
using Robotics.Tasks;

namespace Robotics.Cli.Bench;

/// <summary><c>robotics bench sim</c>: the hover recipe's airframe and task in the batched simulator, one core, CPU time.</summary>
internal static class SimBench
{
    /// <summary>Measures with the files of the repository at <paramref name="root"/>.</summary>
    /// <param name="root">Folder that holds hardware/ and tasks/.</param>
    /// <param name="rounds">Rounds that count; as many warm up.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    /// <exception cref="Robotics.Configuration.ConfigurationException">A file is missing or bad.</exception>
    public static SimulatorFigures Run(string root, int rounds = 101, int registerBits = 0)
    {
        SimulatedQuadrotorTask hover = SimulatedQuadrotorTask.Hover(root);
        return new SimulatorBenchmark(hover.Task, hover.Airframe, hover.Settings).Run(ThreadCpuClock.Instance, rounds, registerBits);
    }
}
