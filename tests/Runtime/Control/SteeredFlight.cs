using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

/// <summary>A simulated quadrotor at 500 Hz with finite rate limits under a policy of zeros at 100 Hz, which people may steer.</summary>
internal sealed class SteeredFlight : IDisposable
{
    public const ulong Boot = 7;
    public const int EpisodeSteps = 20;
    private readonly ManualClock _clock = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("robotics-steered-").FullName;
    private readonly LockstepPacer _pacer;

    public SteeredFlight(int episodeSteps = EpisodeSteps, string task = "", string reset = "", bool limited = true)
    {
        WriteFiles(episodeSteps, task, reset, limited);
        RunDescription run = RunDescription.Load(Path.Combine(_folder, "run.yaml"));
        Robot = RobotRig.Load(run, _clock);
        Memory = EdgeMemory.Private();
        _pacer = new LockstepPacer(_clock, Robot.PeriodNs);
        Rig = new ControlRig(Robot, _clock, Memory, Boot, new FlightOptions());
        Human = new ProposalWriter(Memory.HumanProposals, ActionSource.Human);
        NetworkSpec zeros = NetworkSpec.Mlp([Robot.Task.ObservationLength, 8, Robot.Task.ActionLength], Activation.FastTanh, Activation.FastTanh);
        Memory.Policies.TryPut(NetworkImage.Write(zeros, new float[zeros.ParameterCount], new NetworkImageFacts(new PolicyIdentity(1, 1, 1, 1), 0, 0, 0)));
    }

    public RobotRig Robot { get; }

    public EdgeMemory Memory { get; }

    public ControlRig Rig { get; }

    public ProposalWriter Human { get; }

    /// <summary>Time at which the coming tick will be.</summary>
    public long NextNs => _clock.NowNs + Robot.PeriodNs;

    public long NowNs => _clock.NowNs;

    public ReadOnlySpan<float> Emitted => Robot.Supervisor.Input.LastCommand;

    public float State(string channel) => Robot.Supervisor.Input.Values[Robot.Driver.StateChannels.IndexOf(channel)];

    public void Tick()
    {
        _pacer.WaitForNextTick();
        Rig.Loop.Tick();
    }

    public bool TryRead(TransitionRecord record)
    {
        if (!Memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
            return false;
        Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
        Memory.Records.Release();
        return true;
    }

    public void Dispose()
    {
        Memory.Dispose();
        Robot.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void WriteFiles(int episodeSteps, string task, string reset, bool limited)
    {
        string root = SharedData.RepositoryRoot;
        string robot = File.ReadAllText(Path.Combine(root, "hardware", "sim-quad-fs", "robot.yaml"))
            .Replace("rate_hz: 100", "rate_hz: 500", StringComparison.Ordinal)
            .Replace("\nsafety: ", !limited ? "\nsafety: " : "\nsafety:\n  commands:\n    rotor: { max_rate_per_s: 8, max_rate_change_per_s2: 1500 } #", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "robot.yaml"), robot);
        File.WriteAllText(Path.Combine(_folder, "task.yaml"), $$"""
            task: steered
            policy_rate_hz: 100
            observation:
              frame:
                - { quantity: position }
                - { quantity: linear_velocity }
            action: { initial: middle }
            reward: { constant: 1, scale: 1, terminal_reward: 0, terms: [] }
            termination: [ { quantity: position, max_abs: 2.8 } ]
            truncation: { max_steps: {{episodeSteps}} }
            reset: { position_m: 0.1{{reset}} }
            {{task}}
            """);
        File.WriteAllText(Path.Combine(_folder, "run.yaml"), $$"""
            run: steered
            robot: robot.yaml
            task: task.yaml
            steps: 1000
            algorithm: { kind: none }
            publish: { every_steps: 1000 }
            lockstep: { lead_steps: 100 }
            link: { endpoint: "tcp://127.0.0.1:5555" }
            spool: { fsync_interval_ms: 50, max_mib: 64 }
            checkpoint: { every_steps: 1000 }
            evaluation: { episodes: 1 }
            teleop: { endpoint: "tcp://127.0.0.1:*", steering: {{Path.Combine(root, "hardware", "sim-quad", "teleop", "steering.yaml")}} }
            """);
    }
}
