using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime;

/// <summary>What became of an episode that was played back.</summary>
/// <param name="Episode">Number of the episode in its recording.</param>
/// <param name="Steps">Steps played.</param>
/// <param name="RecordedSuccess">The recording ended in success.</param>
/// <param name="ReplayedSuccess">So did the playback.</param>
/// <param name="ClampedTicks">Control ticks in which the supervisor changed or replaced what was recorded.</param>
/// <param name="MaxFrameDifference">Largest difference between a recorded observation value and the played one, observation units; the
/// recording's noise is in it.</param>
public sealed record EpisodeReplay(ulong Episode, int Steps, bool RecordedSuccess, bool ReplayedSuccess, long ClampedTicks, double MaxFrameDifference)
{
    private const long IdentifyNs = 2_000_000_000; // six servos are identified and configured in 0.2 s

    /// <summary>Plays the executed actions of one episode through the supervisor on a simulated robot.</summary>
    /// <param name="robot">The robot, loaded with <paramref name="clock"/> and the seed of the recording.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="steps">The records of the episode, in order and complete.</param>
    /// <remarks>The start is that of the recording: the same draw of the task's reset distribution, where the seed is the same. Disturbances a
    /// robot draws by itself are not repeated.</remarks>
    /// <exception cref="InvalidDataException">The records are no whole episode, the robot is not simulated, or it refuses to arm.</exception>
    public static EpisodeReplay Play(RobotRig robot, ManualClock clock, IReadOnlyList<TransitionRecord> steps)
    {
        ArgumentNullException.ThrowIfNull(robot);
        ArgumentNullException.ThrowIfNull(clock);
        Check(robot, steps);
        var sample = new SensorSample(robot.Driver.StateChannels);
        var proposal = new Proposal(robot.Driver.CommandChannels.Count);
        var frame = new float[robot.Task.FrameLength];
        long clamped = 0;
        double difference = 0;
        Identify(robot, clock, sample);
        Start(robot, clock, steps[0].Episode, sample);
        foreach (TransitionRecord step in steps)
        {
            for (int tick = 0; tick < robot.TicksPerStep; tick++)
            {
                if (tick > 0)
                    robot.Driver.Read(sample);
                robot.Supervisor.Inspect(sample, clock.NowNs);
                if (tick == 0)
                    difference = Math.Max(difference, Difference(robot.Task, sample, step.Frame, frame));
                Propose(robot.Task, step, sample, proposal);
                SafeCommand command = robot.Supervisor.Filter(proposal, sample, clock.NowNs);
                clamped += robot.Supervisor.Action >= SafetyAction.Clamp ? 1 : 0;
                robot.Driver.Write(command);
                clock.Advance(robot.PeriodNs);
            }
            robot.Driver.Read(sample);
        }
        bool recorded = (steps[^1].Flags & TransitionFlags.Succeeded) != 0;
        return new EpisodeReplay(steps[0].Episode, steps.Count, recorded, robot.Task.Judge(sample) == EpisodeOutcome.Success, clamped, difference);
    }

    private static void Check(RobotRig robot, IReadOnlyList<TransitionRecord> steps)
    {
        if (!robot.IsSimulated)
            throw new InvalidDataException($"{robot.Name} is not simulated; replay plays episodes back on a simulated robot only");
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Step != i || steps[i].HasFinal != (i == steps.Count - 1))
                throw new InvalidDataException($"episode {steps[i].Episode} is not whole: step {steps[i].Step} stands at place {i} of {steps.Count}");
        }
        if (steps.Count == 0)
            throw new InvalidDataException("the recording has no such episode");
    }

    // An emulated device answers for itself, as in a flight: nothing is commanded until it did.
    private static void Identify(RobotRig robot, ManualClock clock, SensorSample sample)
    {
        if (robot.Driver is not IDeviceReadiness device)
            return;
        var nothing = new Proposal(robot.Driver.CommandChannels.Count);
        long endNs = clock.NowNs + IdentifyNs;
        while (!device.IsReady && clock.NowNs < endNs)
        {
            robot.Driver.Read(sample);
            robot.Supervisor.Inspect(sample, clock.NowNs);
            robot.Driver.Write(robot.Supervisor.Filter(nothing, sample, clock.NowNs));
            clock.Advance(robot.PeriodNs);
        }
        if (!device.IsReady)
            throw new InvalidDataException($"{robot.Name}: {device.Diagnosis}");
        robot.Supervisor.Confirm(ArmingChecks.DeviceIdentity, ok: true);
    }

    private static void Start(RobotRig robot, ManualClock clock, ulong episode, SensorSample sample)
    {
        var random = new SeededRandom(robot.Run.Seed, "reset"); // the control loop's own generator: one draw per episode
        var state = new float[robot.Driver.StateChannels.Count];
        for (ulong i = 0; i <= episode; i++)
            robot.Task.SampleReset(random, state);
        ((IResettableRobot)robot.Driver).Reset(state);
        robot.Driver.Read(sample);
        robot.Supervisor.OnEpisodeReset();
        robot.Supervisor.Inspect(sample, clock.NowNs);
        robot.Supervisor.ValidateBaseline();
        robot.Supervisor.Confirm(ArmingChecks.Policy | ArmingChecks.Recorder, ok: true); // the recording takes the policy's place
        if (robot.Supervisor.Arming != ArmingState.Armed && !robot.Supervisor.TryArm(out ArmingChecks missing))
            throw new InvalidDataException($"{robot.Name} does not arm: {missing}");
    }

    private static void Propose(RobotTask task, TransitionRecord step, SensorSample sample, Proposal proposal)
    {
        task.Action.ToCommand(step.Executed, proposal.Values);
        proposal.Length = proposal.Values.Length;
        proposal.Source = step.Source;
        proposal.SampleTimeNs = sample.SampleTimeNs;
        proposal.Sequence++;
    }

    private static double Difference(RobotTask task, SensorSample sample, ReadOnlySpan<float> recorded, Span<float> frame)
    {
        task.ObserveFrame(sample, noise: null, frame);
        double most = 0;
        for (int i = 0; i < frame.Length; i++)
            most = Math.Max(most, Math.Abs(frame[i] - recorded[i]));
        return most;
    }
}
