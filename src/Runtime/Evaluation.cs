using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Control;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Runtime;

/// <summary>Flies a policy for a number of episodes in lockstep, noise and disturbance on, exploration off, and says how it went.</summary>
/// <param name="Episodes">Episodes flown.</param>
/// <param name="MeanLength">Mean length, steps.</param>
/// <param name="MeanReturn">Mean return under the task's evaluation weights.</param>
/// <param name="SettledShare">Share of all episodes that lasted to the time limit and ended within 0.2 m of the target (the published metric
/// SettlingFractionPosition, here over all episodes).</param>
/// <param name="Interventions">Ticks in which the supervisor changed or replaced the proposal.</param>
/// <param name="SuccessShare">Share of episodes that the task ended in success; 0 for tasks that know none.</param>
public sealed record Evaluation(long Episodes, double MeanLength, double MeanReturn, double SettledShare, long Interventions, double SuccessShare)
{
    private const double SettledM = 0.2; // rl-tools: SettlingFractionPosition(200 mm)

    /// <summary>Evaluates the network image <paramref name="image"/>.</summary>
    /// <param name="load">Loads the run afresh: evaluation has its own robot, seeded apart from training.</param>
    /// <param name="image">A verified policy.</param>
    /// <param name="episodes">Episodes to fly.</param>
    /// <param name="outside">Who else may command, asked before the policy; null for nobody.</param>
    /// <exception cref="InvalidDataException">The policy does not fit the robot's task.</exception>
    public static Evaluation Of(
        Func<RunDescription> load, ReadOnlySpan<byte> image, int episodes, Func<RobotRig, IReadOnlyList<IProposalSource>>? outside = null)
    {
        ArgumentNullException.ThrowIfNull(load);
        RunDescription run = load();
        run.Seed ^= 0x6576616C75617465; // "evaluate": other starts and disturbances than any training seed's
        var clock = new ManualClock(1);
        using RobotRig robot = RobotRig.Load(run, clock);
        using EdgeMemory memory = EdgeMemory.Private();
        using var rig = new ControlRig(robot, clock, memory, boot: 0, new FlightOptions { Record = false, Explore = false, Outside = outside?.Invoke(robot) ?? [] });
        memory.Policies.TryPut(image);
        return Fly(rig, new LockstepPacer(clock, robot.PeriodNs), robot, episodes);
    }

    private static Evaluation Fly(ControlRig rig, LockstepPacer pacer, RobotRig robot, int episodes)
    {
        long length = 0, settled = 0, succeeded = 0;
        double sumOfReturns = 0;
        long tickLimit = (long)episodes * (robot.Task.MaxEpisodeSteps + 2) * robot.TicksPerStep;
        for (long counted = 0; counted < episodes;)
        {
            pacer.WaitForNextTick();
            rig.Loop.Tick();
            if (rig.Loop.Ticks > tickLimit || (!rig.HasPolicy && rig.Loop.Ticks > 2))
                throw new InvalidDataException($"the policy does not fly this task: {counted} of {episodes} episodes ended; causes in force: {robot.Supervisor.Causes}");
            if (rig.EpisodesEnded == counted)
                continue;
            counted = rig.EpisodesEnded;
            EpisodeSummary episode = rig.LastEpisode;
            length += episode.Steps;
            sumOfReturns += episode.Return;
            if (episode.Truncated && episode.FinalDistanceM < SettledM)
                settled++;
            succeeded += episode.Succeeded ? 1 : 0;
        }
        return new Evaluation(episodes, (double)length / episodes, sumOfReturns / episodes, (double)settled / episodes, rig.Loop.Interventions, (double)succeeded / episodes);
    }
}
