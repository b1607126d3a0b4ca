using System.Net;

namespace Robotics.Configuration;

/// <summary>How something is learnt or flown: which robot, which task, which algorithm, over which link, under which seed.</summary>
/// <remarks>Read from runs/*.yaml. Sections that belong to one room (<see cref="Algorithm"/>) are read by that room.</remarks>
public sealed class RunDescription
{
    private RunDescription(ConfigDocument document)
    {
        ConfigMap root = document.Root;
        Document = document;
        Name = root.String("run");
        RobotPath = Resolve(document, root.String("robot"));
        TaskPath = Resolve(document, root.String("task"));
        Seed = (ulong)root.Integer("seed", 0, long.MaxValue, 0);
        Steps = root.Integer("steps", 1, 1_000_000_000_000);
        Algorithm = root.Map("algorithm");
        Algorithm.LeaveToOthers();
        Replay = root.MapOrNull("replay");
        Replay?.LeaveToOthers();
        ConfigMap publish = root.Map("publish");
        PublishEverySteps = (int)publish.Integer("every_steps", 1, 1_000_000);
        ConfigMap lockstep = root.Map("lockstep");
        LeadSteps = (int)lockstep.Integer("lead_steps", 1, 1_000_000);
        ConfigMap link = root.Map("link");
        Endpoint = link.String("endpoint");
        ConfigMap spool = root.Map("spool");
        SpoolFsyncMs = spool.Number("fsync_interval_ms", 0, 60_000);
        SpoolMaxMib = spool.Integer("max_mib", 1, 1 << 30);
        SpoolWhenFull = spool.OneOf("when_full", ["refuse_arming", "drop_acknowledged"], "refuse_arming");
        RingSeconds = spool.Number("ring_seconds", 1, 3600, 10);
        ConfigMap? store = root.MapOrNull("store");
        StoreMaxMib = store?.Integer("max_mib", 1, 1 << 30) ?? 0;
        StoreWhenFull = store?.OneOf("when_full", ["refuse", "drop_oldest"]) ?? "refuse";
        StoreMaxMibPerRobot = store?.Integer("max_mib_per_robot", 0, 1 << 30, 0) ?? 0;
        ConfigMap checkpoint = root.Map("checkpoint");
        CheckpointEverySteps = checkpoint.Integer("every_steps", 1, long.MaxValue);
        ConfigMap evaluation = root.Map("evaluation");
        EvaluationEpisodes = (int)evaluation.Integer("episodes", 1, 1_000_000);
        ConfigMap? teleop = root.MapOrNull("teleop");
        TeleopEndpoint = teleop?.String("endpoint");
        SteeringPath = teleop is null ? null : Resolve(document, teleop.String("steering"));
        OperatorUdp = root.MapOrNull("operator")?.String("udp");
        if (OperatorUdp is not null && !IPEndPoint.TryParse(OperatorUdp, out _))
            root.AddProblem("operator", $"udp: '{OperatorUdp}' is no ADDRESS:PORT, for example 0.0.0.0:7710");
        Ros2 = root.MapOrNull("ros2");
        Ros2?.LeaveToOthers();
        KeepCpuAwake = root.Flag("keep_cpu_awake", fallback: true);
        Record = root.OneOf("record", ["none", "mcap"], "none");
        IntermediateRateHz = root.Number("intermediate_rate_hz", 0, 10_000, 0);
        SwapAt = root.OneOf("swap_at", ["step", "episode"], "episode");
        Human = root.MapOrNull("human");
        Human?.LeaveToOthers();
        OnEdge = root.OneOf("on_edge", ["off", "stream-ac"], "off");
        Gate = root.OneOf("gate", ["auto", "training", "deployed"], "auto");
        Watch = root.MapOrNull("watch");
        Watch?.LeaveToOthers();
    }

    /// <summary>The file, for further sections and for its hash.</summary>
    public ConfigDocument Document { get; }

    /// <summary>Section <c>ros2</c>: control and agent as nodes of a ROS 2 graph; null for none.</summary>
    public ConfigMap? Ros2 { get; }

    /// <summary>Name of the run.</summary>
    public string Name { get; }

    /// <summary>robot.yaml, resolved against the run file's folder.</summary>
    public string RobotPath { get; }

    /// <summary>The task file, resolved against the run file's folder.</summary>
    public string TaskPath { get; }

    /// <summary>Seed of every generator of the run.</summary>
    public ulong Seed { get; set; }

    /// <summary>Environment steps to record and learn from.</summary>
    public long Steps { get; set; }

    /// <summary>The learner's section: kind and constants.</summary>
    public ConfigMap Algorithm { get; }

    /// <summary>The learner's memory: size and place; null for the defaults.</summary>
    public ConfigMap? Replay { get; }

    /// <summary>The learner publishes its newest actor each time it has ingested this many environment steps.</summary>
    public int PublishEverySteps { get; }

    /// <summary>In lockstep the edge may run at most this many steps ahead of what the learner has ingested.</summary>
    public int LeadSteps { get; }

    /// <summary>ZeroMQ endpoint of the learner, for example <c>tcp://127.0.0.1:5555</c>.</summary>
    public string Endpoint { get; set; }

    /// <summary>Longest time a record may wait in the page cache before it is forced to disk, ms; 0 forces every batch.</summary>
    public double SpoolFsyncMs { get; }

    /// <summary>ZeroMQ endpoint at which the robot's agent listens for teleoperation nodes; null where nobody may steer.</summary>
    public string? TeleopEndpoint { get; set; }

    /// <summary>How people steer the robot, resolved against the run file's folder; null where nobody may.</summary>
    public string? SteeringPath { get; }

    /// <summary>Bound of the spool on disk, MiB.</summary>
    public long SpoolMaxMib { get; }

    /// <summary>At <see cref="SpoolMaxMib"/>: <c>refuse_arming</c> keeps everything; <c>drop_acknowledged</c> deletes the oldest segments that the learner has persisted.</summary>
    public string SpoolWhenFull { get; }

    /// <summary>How long an agent may be away, s, before the control process has to drop records: the memory between the two is made for it. An agent that died is
    /// back within two seconds on a busy machine; ten leave room for a disk that hangs.</summary>
    public double RingSeconds { get; }

    /// <summary>Bound of the learner's store on disk, MiB; 0 for none (no section <c>store</c>).</summary>
    public long StoreMaxMib { get; }

    /// <summary>At <see cref="StoreMaxMib"/>: <c>refuse</c> takes nothing more, the edges keep it; <c>drop_oldest</c> gives up the oldest segments whole.</summary>
    public string StoreWhenFull { get; }

    /// <summary>Quota of one robot in the store, MiB, above which its hello is refused; 0 for none.</summary>
    public long StoreMaxMibPerRobot { get; }

    /// <summary><c>mcap</c>: the agent also records every transition to <c>FOLDER/recordings</c>, for people to look at; <c>none</c>: only the spool.</summary>
    public string Record { get; }

    /// <summary>The learner writes a checkpoint each time it has ingested this many environment steps.</summary>
    public long CheckpointEverySteps { get; }

    /// <summary>Episodes of the closing evaluation.</summary>
    public int EvaluationEpisodes { get; }

    /// <summary><c>episode</c>: a new policy takes over at an episode boundary; <c>step</c>: at the next policy step.</summary>
    public string SwapAt { get; }

    /// <summary>How often the policy acts where that is more often than it was trained for, Hz: at the task's <c>policy_rate_hz</c> as trained, in between on a
    /// copy of its recurrent state; 0: only as trained.</summary>
    public double IntermediateRateHz { get; }

    /// <summary>The simulated person of a run on a simulated robot; null for none.</summary>
    public ConfigMap? Human { get; }

    /// <summary>Address and port where the control process listens for authenticated operator commands; null for the local socket alone.</summary>
    public string? OperatorUdp { get; }

    /// <summary>In real time: the control process keeps idle cores out of states they wake up late from. False spares a battery and pays with later ticks.</summary>
    public bool KeepCpuAwake { get; }

    /// <summary>What the agent learns by itself while the learner is out of reach: <c>off</c>, or <c>stream-ac</c>.</summary>
    public string OnEdge { get; }

    /// <summary>What a new policy must show: <c>training</c>, <c>deployed</c>, or <c>auto</c>: the former for simulated robots, the latter for all others.</summary>
    public string Gate { get; }

    /// <summary>The section of constants of the policy watch; null for the defaults.</summary>
    public ConfigMap? Watch { get; }

    /// <summary>Loads <paramref name="path"/> and applies <c>--set</c> overrides. Problems are collected in <see cref="Document"/>.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read at all.</exception>
    public static RunDescription Load(string path, IEnumerable<string>? overrides = null)
    {
        ConfigDocument document = ConfigDocument.Load(path);
        foreach (string assignment in overrides ?? [])
            document.Override(assignment);
        return new RunDescription(document);
    }

    private static string Resolve(ConfigDocument document, string path) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.GetFullPath(path, document.Folder));
}
