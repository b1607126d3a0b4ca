using System.Globalization;
using Robotics.Cli.Verbs;
using Robotics.Configuration;
using Robotics.Learner.Bench;

namespace Robotics.Cli.Bench;

/// <summary>What runs beside the loop while it is measured: a real agent that makes garbage, a learner that trains.</summary>
internal static class LoopPart
{
    private const int Critics = 2;

    /// <summary>The agent of the run, with a thread that allocates; prints MB/s, live MB and collections at its end.</summary>
    public static int Agent(RunDescription run, string folder, string memoryName, CancellationToken cancellation)
    {
        var garbage = new Garbage(cancellation);
        garbage.Start();
        AgentVerb.Run(run, [], folder, memoryName, spool: null, offline: true, parent: null, cancellation);
        Console.WriteLine(garbage.Report());
        return ExitCode.Ok;
    }

    /// <summary>SAC updates at normal priority until told to stop; prints updates per second.</summary>
    public static int Learner(CancellationToken cancellation)
    {
        const int updatesPerRound = 10; // it ends within a tenth of a second of being told
        using var learner = new SacBench(Critics, threads: 1);
        double wallS = 0;
        long updates = 0;
        for (; !cancellation.IsCancellationRequested; updates += updatesPerRound)
            wallS += learner.Run(updatesPerRound).WallS;
        Console.WriteLine((updates / wallS).ToString("F1", CultureInfo.InvariantCulture));
        return ExitCode.Ok;
    }
}
