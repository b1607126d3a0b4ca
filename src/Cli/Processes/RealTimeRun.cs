using Robotics.Configuration;

namespace Robotics.Cli.Processes;

/// <summary><c>robotics run</c> in real time: starts control and agent, starts the agent again whenever it dies, ends both in order.</summary>
/// <remarks>The control process is never started again by itself: a robot whose control died is to be looked at by a person.</remarks>
internal static class RealTimeRun
{
    /// <summary>A busy SCHED_FIFO process never tiers up: everything is compiled fully at first use (docs/adr/0001).</summary>
    public static IReadOnlyDictionary<string, string> ControlEnvironment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_TieredCompilation"] = "0" };

    /// <summary>Runs until control ends or <paramref name="shutdown"/> asks for its end, which brings a real robot to rest first; asked again, control is
    /// killed and the device's own timeout is left. <paramref name="offline"/> flies the installed policy without a learner.</summary>
    public static int Start(RunDescription run, string folder, IReadOnlyList<string> arguments, bool offline, ShutdownSignal shutdown)
    {
        run.Document.Finish();
        using var changed = new AutoResetEvent(false);
        CancellationToken cancellation = shutdown.Token;
        using CancellationTokenRegistration registration = cancellation.Register(() => changed.Set());
        using CancellationTokenRegistration again = shutdown.Again.Register(() => changed.Set());
        using var processes = new RunProcesses(changed, ArgumentsOf(run, folder, arguments, offline), Complain);
        Say($"running {run.Name}: control {processes.ControlId}, agent {processes.AgentId}; Ctrl-C brings the robot to rest and ends both, a second one ends them at once");
        using var events = new RunEvents(run.Name, Say);
        while (!processes.HasEnded && !cancellation.IsCancellationRequested)
        {
            processes.Look();
            events.Tell();
        }
        processes.End(events.Tell, shutdown.Again);
        return processes.ExitCode;
    }

    private static ChildArguments ArgumentsOf(RunDescription run, string folder, IReadOnlyList<string> arguments, bool offline)
    {
        string[] agent = ["agent", .. arguments, "--memory", run.Name, "--folder", folder, .. (string[])(offline ? ["--offline"] : [])];
        string[]? limp = NeedsLimp(run) ? ["limp", .. arguments, "--memory", run.Name] : null;
        return new ChildArguments(["control", .. arguments, "--memory", run.Name, "--folder", folder], agent, limp);
    }

    // R16: servos without a watchdog are let go by another process when control dies.
    private static bool NeedsLimp(RunDescription run) =>
        ConfigDocument.Load(run.RobotPath).Root.Map("arming").Strings("checks", []).Contains("limp_process", StringComparer.Ordinal);

    private static void Say(string line) => Print(Console.Out, line);

    private static void Complain(string line) => Print(Console.Error, line);

    // The terminal may be gone, the reader of the pipe ended, the disk of the log full: the robot flies on, only nobody reads.
    private static void Print(TextWriter console, string line)
    {
        try
        {
            console.WriteLine(line);
        }
        catch (IOException)
        {
        }
    }
}
