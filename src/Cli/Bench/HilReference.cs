using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime;
using Robotics.Runtime.Composition;
using Robotics.Tasks;

namespace Robotics.Cli.Bench;

/// <summary>How a task with a simulated person stands before anything is learnt: the marks that learning is measured against.</summary>
/// <param name="Episodes">Episodes of each.</param>
/// <param name="ExpertSuccess">The scripted expert: the person without noise, misjudgement or haste.</param>
/// <param name="ExpertSteps">Its mean episode length.</param>
/// <param name="HumanSuccess">The simulated person driving every episode from beginning to end.</param>
/// <param name="HumanSteps">Its mean episode length.</param>
/// <param name="RandomSuccess">Uniformly random actions.</param>
/// <param name="IdleAssistedSuccess">A policy that does nothing, with the person intervening.</param>
internal sealed record HilReference(
    int Episodes, double ExpertSuccess, double ExpertSteps, double HumanSuccess, double HumanSteps, double RandomSuccess, double IdleAssistedSuccess)
{
    /// <summary>Measures on the run file <paramref name="runFile"/>.</summary>
    public static HilReference Measure(string runFile, ulong seed, int episodes)
    {
        RunDescription Load()
        {
            RunDescription run = RunDescription.Load(runFile);
            run.Seed = seed;
            return run;
        }

        Evaluation Fly(Func<RobotRig, IProposalSource> source)
        {
            using RobotRig robot = RobotRig.Load(Load(), new ManualClock(1));
            return Evaluation.Of(Load, Rehearsal.IdlePolicy(robot.Task), episodes, r => [source(r)]);
        }

        var human = new SimulatedHumanSettings { Demonstrates = true };
        Evaluation expert = Fly(r => r.PersonOf(human.WithoutFlaws()));
        Evaluation driven = Fly(r => r.PersonOf(human));
        Evaluation random = Fly(r => new UniformSource(r.Task.Action, r.TicksPerStep, r.Run.Seed));
        Evaluation assisted = Fly(r => r.PersonOf(human with { Demonstrates = false }));
        return new HilReference(
            episodes, expert.SuccessShare, expert.MeanLength, driven.SuccessShare, driven.MeanLength, random.SuccessShare, assisted.SuccessShare);
    }
}
