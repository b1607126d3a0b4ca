using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Control;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Steering;
using Robotics.Safety;
using Robotics.Tasks;
using Robotics.Teleop;

namespace Robotics.Runtime.Composition;

/// <summary>One robot with its task, put together from a run file: driver, supervisor, task. The composition root of every process.</summary>
public sealed class RobotRig : IDisposable
{
    private RobotRig(RunDescription run, RobotProfile profile, RobotTask task, PolicyRules rules)
    {
        Run = run;
        Name = profile.Name;
        ControlRateHz = profile.ControlRateHz;
        Driver = profile.Driver;
        Task = task;
        Supervisor = profile.Supervisor;
        Rules = rules;
        Schema = new TransitionSchema(task.Name, task.SchemaHash, task.FrameLength, task.PrivilegedLength, task.ActionLength, task.HistoryLength, Cameras?.ImageBytes ?? 0);
    }

    /// <summary>The run.</summary>
    public RunDescription Run { get; }

    /// <summary>Name of the robot.</summary>
    public string Name { get; }

    /// <summary>Supervisor ticks per second.</summary>
    public double ControlRateHz { get; }

    /// <summary>One control period, ns.</summary>
    public long PeriodNs => (long)Math.Round(1e9 / ControlRateHz);

    /// <summary>Control ticks in one policy period.</summary>
    public int TicksPerStep => (int)Math.Round(ControlRateHz / Task.PolicyRateHz);

    /// <summary>Control ticks from one action of the policy to the next: fewer than <see cref="TicksPerStep"/> where the run has an intermediate rate.</summary>
    public int TicksPerAction => Run.IntermediateRateHz == 0 ? TicksPerStep : (int)Math.Round(ControlRateHz / Run.IntermediateRateHz);

    /// <summary>Where samples come from and commands go.</summary>
    public IRobotDriver Driver { get; }

    /// <summary>What it sees with; null for a robot without cameras.</summary>
    public ICameraDriver? Cameras => Driver is ICameraDriver { ImageBytes: > 0 } cameras ? cameras : null;

    /// <summary>What is to be learnt.</summary>
    public RobotTask Task { get; }

    /// <summary>The last word before the actuators.</summary>
    public SafetySupervisor Supervisor { get; }

    /// <summary>How people steer it; null where the run names no steering file.</summary>
    public SteeringSettings? SteeringSettings { get; private init; }

    /// <summary>Turns a person's motions into set-points; null where the run names no steering file.</summary>
    internal ISteering? Steering { get; private init; }

    // An instance of its own: what a person does must not disturb the way home, and the other way round.
    internal ISteering? Homing { get; private init; }

    /// <summary>The learned judge of success; null where the task asks for none.</summary>
    public SuccessDetector? Success { get; private init; }

    // R24, R25 of docs/safety.md: two policy periods after the last answer of an outside source was written, the next source commands. Control sees it up
    // to a tick after it was written, and hands over in the first tick after the hold time: both ticks are taken off. Where a tick is a whole policy
    // period only the latter is, or a source that writes once a period would lose its authority by the least jitter.
    internal long HoldNs => ((2 * TicksPerStep) - Math.Min(2, TicksPerStep)) * PeriodNs;

    // R13: the word of a person with a lease holds as long as the lease, since their frames come over a network; the tick in which it is over is the next source's.
    internal long HumanHoldNs => SteeringSettings is { } steering ? steering.Lease.LeaseNs - PeriodNs : HoldNs;

    /// <summary>What the run asks of new policies.</summary>
    public PolicyRules Rules { get; }

    /// <summary>How control and agent stand in a ROS 2 graph; null where the run does not ask for it.</summary>
    public RosNodeSettings? Ros2 { get; private init; }

    /// <summary>The files it was put together from.</summary>
    public IReadOnlyList<(string Name, ConfigDocument Document)> Documents { get; private init; } = [];

    /// <summary>Shape of its transitions.</summary>
    public TransitionSchema Schema { get; }

    /// <summary>Bytes of the ring that carries records from control to agent: the run's <c>spool.ring_seconds</c>, between <see cref="EdgeMemory.MinRingBytes"/> and 1 GiB.</summary>
    public int RingBytes => Math.Max(EdgeMemory.MinRingBytes, RecordRing.CapacityFor(Schema.RecordLength, Schema.FinalRecordLength, Task.PolicyRateHz, Run.RingSeconds));

    /// <summary>How long an agent may be away before records are dropped, s.</summary>
    public double RingSeconds => RecordRing.SecondsIn(RingBytes, Schema.RecordLength, Task.PolicyRateHz);

    /// <summary>The run's simulated person; null for none.</summary>
    public SimulatedHumanSettings? Person { get; private init; }

    /// <summary>True for a robot that exists only as equations: it may be armed by the run and reset at will.</summary>
    public bool IsSimulated => Driver is IResettableRobot;

    /// <summary>Identity of the robot on every link and in every record: 64 bits of its name.</summary>
    public ulong RobotId => Identity64.Of("robot", Name);

    /// <summary>Loads the robot and the task of <paramref name="run"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="clock">The control thread's clock.</param>
    /// <param name="robotOverrides"><c>--set</c> assignments for robot.yaml.</param>
    /// <param name="attach">False where the robot is not flown here: its device stays closed for the one process that owns it.</param>
    /// <exception cref="ConfigurationException">With every problem of all three files.</exception>
    public static RobotRig Load(RunDescription run, IClock clock, IEnumerable<string>? robotOverrides = null, bool attach = true)
    {
        ArgumentNullException.ThrowIfNull(run);
        var documents = new List<ConfigDocument> { run.Document };
        ConfigDocument robot = Open(run.RobotPath, "robot", documents, run);
        ConfigDocument taskFile = Open(run.TaskPath, "task", documents, run);
        foreach (string assignment in robotOverrides ?? [])
            robot.Override(assignment);
        RobotProfile profile = RobotProfile.Read(robot, clock, run.Seed, attach);
        IRobotDriver driver = profile.Driver;
        RobotTask task = RobotTask.Read(taskFile, driver.StateChannels, driver.CommandChannels, (driver as IRestingRobot)?.RestCommand);
        if (!Divides(task.PolicyRateHz, profile.ControlRateHz))
            taskFile.Root.AddProblem("policy_rate_hz", $"{task.PolicyRateHz} does not divide the robot's control_rate_hz {profile.ControlRateHz}");
        double between = run.IntermediateRateHz;
        if (between != 0 && !(Divides(task.PolicyRateHz, between) && Divides(between, profile.ControlRateHz)))
            run.Document.Root.AddProblem("intermediate_rate_hz", $"{between} must be a multiple of the task's policy_rate_hz {task.PolicyRateHz} and divide the robot's control_rate_hz {profile.ControlRateHz}");
        SimulatedHumanSettings? person = run.Human is null ? null : ReadPerson(run.Human, driver);
        SteeringSettings? settings = run.SteeringPath is null ? null : SteeringSettings.Read(Open(run.SteeringPath, "teleop", documents, run));
        ISteering? steering = settings is null ? null : SteeringKinds.Create(run, robot.Root, settings, profile, task);
        PolicyRules rules = PolicyRules.Read(run, driver is IResettableRobot, task.PolicyRateHz);
        bool drivesHome = task.ResetProcedure.Kind == ResetKind.DriveBack;
        if (drivesHome && steering is null)
            taskFile.Root.AddProblem("reset", "procedure drive_back needs the run's section teleop with a steering file: it says how the robot is driven");
        ISteering? homing = drivesHome && steering is not null ? SteeringKinds.Create(run, robot.Root, settings!, profile, task) : null;
        SuccessDetector? success = SuccessDetector.Open(task, taskFile.Root);
        RosNodeSettings? ros2 = run.Ros2 is null ? null : RosNodeSettings.Read(run.Ros2, (driver as Ros2Driver)?.Settings);
        ThrowIfBad(documents);
        return new RobotRig(run, profile, task, rules)
        {
            Person = person,
            SteeringSettings = settings,
            Steering = steering,
            Homing = homing,
            Success = success,
            Ros2 = ros2,
            Documents = [("run", run.Document), ("robot", robot), ("task", taskFile)],
        };
    }

    /// <summary>The run's simulated person as a proposal source, or none; a new one with each call.</summary>
    public IReadOnlyList<IProposalSource> People() => Person is null ? [] : [PersonOf(Person)];

    /// <summary>A simulated person in front of this robot.</summary>
    public SimulatedHuman PersonOf(SimulatedHumanSettings settings) => new(
        settings, Driver.StateChannels, Driver.CommandChannels, TicksPerStep, Task.PolicyRateHz, Task.MaxEpisodeSteps, Run.Seed);

    /// <summary>The same robot and task over another <paramref name="driver"/> with the same channels.</summary>
    internal RobotRig WithDriver(IRobotDriver driver) => new(Run, new RobotProfile(Name, ControlRateHz, driver, Supervisor), Task, Rules)
    {
        Person = Person,
        SteeringSettings = SteeringSettings,
        Steering = Steering,
        Homing = Homing,
        Success = Success,
    };

    /// <inheritdoc/>
    public void Dispose() => Driver.Dispose();

    private static SimulatedHumanSettings ReadPerson(ConfigMap map, IRobotDriver driver)
    {
        if (driver is not IResettableRobot || !SimulatedHuman.Fits(driver.StateChannels, driver.CommandChannels))
            map.AddProblem("kind", "a simulated person can only help a simulated arm with a peg (hardware/sim-arm)");
        return SimulatedHumanSettings.Read(map);
    }

    private static ConfigDocument Open(string path, string key, List<ConfigDocument> documents, RunDescription run)
    {
        if (!File.Exists(path))
        {
            run.Document.Root.AddProblem(key, $"no such file: {path}");
            ThrowIfBad(documents);
        }
        ConfigDocument document = ConfigDocument.Load(path);
        documents.Add(document);
        return document;
    }

    private static bool Divides(double rateHz, double multipleHz)
    {
        double ratio = multipleHz / rateHz;
        return ratio >= 1 && Math.Abs(ratio - Math.Round(ratio)) <= 1e-9;
    }

    private static void ThrowIfBad(List<ConfigDocument> documents)
    {
        foreach (ConfigDocument document in documents)
            document.Finish();
        ConfigProblem[] problems = [.. documents.SelectMany(d => d.Problems)];
        if (problems.Length > 0)
            throw new ConfigurationException(problems);
    }
}
