using Robotics.Configuration;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>A task bound to a simulated quadrotor, read from the same files as a run: what benchmarks and simulator-trained learners start from.</summary>
/// <param name="Task">The task.</param>
/// <param name="Airframe">The airframe.</param>
/// <param name="Settings">How it is simulated.</param>
public sealed record SimulatedQuadrotorTask(RobotTask Task, QuadrotorParameters Airframe, SimulationSettings Settings)
{
    /// <summary>Reads a simulated quadrotor's robot.yaml (its airframe and driver sections only) and a task file.</summary>
    /// <exception cref="ConfigurationException">A file is missing or bad.</exception>
    public static SimulatedQuadrotorTask Load(string robotFile, string taskFile)
    {
        ConfigDocument robot = ConfigDocument.Load(robotFile), document = ConfigDocument.Load(taskFile);
        QuadrotorParameters airframe = QuadrotorParameters.Read(robot.Root.Map("airframe"));
        SimulationSettings settings = SimulationSettings.Read(robot.Root.Map("driver"));
        double[] rest = [.. Enumerable.Repeat(airframe.HoverSetpoint, QuadrotorParameters.RotorCount)];
        RobotTask task = RobotTask.Read(document, QuadrotorChannels.State(airframe), QuadrotorChannels.Command(airframe), rest);
        document.Finish();
        ConfigProblem[] problems = [.. robot.Problems, .. document.Problems]; // other sections of robot.yaml are not ours to judge
        return problems.Length == 0 ? new SimulatedQuadrotorTask(task, airframe, settings) : throw new ConfigurationException(problems);
    }

    /// <summary>The published hover recipe: its Crazyflie and its task, from the repository at <paramref name="root"/>.</summary>
    /// <exception cref="ConfigurationException">A file is missing or bad.</exception>
    public static SimulatedQuadrotorTask Hover(string root) =>
        Load(Path.Combine(root, "hardware", "sim-quad-ltf-crazyflie", "robot.yaml"), Path.Combine(root, "tasks", "hover.yaml"));

    /// <summary>One vehicle.</summary>
    public QuadrotorEnvironment Single(ulong seed) => new(Task, Airframe, Settings, seed);

    /// <summary>Many vehicles.</summary>
    public BatchedEnvironment Batch(int vehicles, ulong seed) => new(Task, Airframe, Settings, vehicles, seed);
}
