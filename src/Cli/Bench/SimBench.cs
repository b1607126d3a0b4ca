using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;
using Robotics.Tasks;

namespace Robotics.Cli.Bench;

/// <summary><c>robotics bench sim</c>: the hover recipe's airframe and task in the batched simulator, one core, CPU time.</summary>
internal static class SimBench
{
    /// <summary>Measures with the files of the repository at <paramref name="root"/>.</summary>
    /// <param name="root">Folder that holds hardware/ and tasks/.</param>
    /// <param name="rounds">Rounds that count; as many warm up.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    /// <exception cref="ConfigurationException">A file is missing or bad.</exception>
    public static SimulatorFigures Run(string root, int rounds = 101, int registerBits = 0)
    {
        var robot = ConfigDocument.Load(Path.Combine(root, "hardware", "sim-quad-ltf-crazyflie", "robot.yaml"));
        var taskFile = ConfigDocument.Load(Path.Combine(root, "tasks", "hover.yaml"));
        QuadrotorParameters airframe = QuadrotorParameters.Read(robot.Root.Map("airframe"));
        SimulationSettings settings = SimulationSettings.Read(robot.Root.Map("driver"));
        RobotTask task = RobotTask.Read(taskFile, QuadrotorChannels.State(airframe), QuadrotorChannels.Command(airframe));
        taskFile.Finish();
        ConfigProblem[] problems = [.. robot.Problems, .. taskFile.Problems]; // other sections of robot.yaml are not this bench's
        if (problems.Length > 0)
            throw new ConfigurationException(problems);
        return new SimulatorBenchmark(task, airframe, settings).Run(ThreadCpuClock.Instance, rounds, registerBits);
    }
}
