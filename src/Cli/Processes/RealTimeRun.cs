using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Cli.Processes;

/// <summary><c>robotics run</c> in real time: starts control and agent, starts the agent again whenever it dies, ends both in order.</summary>
/// <remarks>The control process is never started again by itself: a robot whose control died is to be looked at by a person.</remarks>
internal static class RealTimeRun
{
    /// <summary>Runs until control ends or <paramref name="shutdown"/> asks for its end, which brings a real robot to rest first; asked again, control is
    /// killed and the device's own timeout is left. <paramref name="offline"/> flies the installed policy without a learner.</summary>
    public static int Start(RunDescription run, string folder, IReadOnlyList<string> arguments, bool offline, ShutdownSignal shutdown)
    {
        run.Document.Finish();
        string name = run.Name;
        using var changed = new AutoResetEvent(false);
        CancellationToken cancellation = shutdown.Token;
        using CancellationTokenRegistration registration = cancellation.Register(() => changed.Set());
        using CancellationTokenRegistration again = shutdown.Again.Register(() => changed.Set());
        IReadOnlyList<string> agentArguments = offline ? [.. arguments, "--offline"] : arguments;
        RoboticsProcess agent = StartAgent(changed, name, folder, agentArguments);
        try
        {
            using var control = new RoboticsProcess(changed, ControlEnvironment, ["control", .. arguments, "--memory", name, "--folder", folder]);
            using RoboticsProcess? limp = NeedsLimp(run) ? new(changed, ControlEnvironment, ["limp", .. arguments, "--memory", name, "--control", $"{control.Id}"]) : null;
            Console.WriteLine($"running {run.Name}: control {control.Id}, agent {agent.Id}; Ctrl-C brings the robot to rest and ends both, a second one ends them at once");
            using var events = new RunEvents(name);
            while (!control.HasExited && !cancellation.IsCancellationRequested)
            {
                changed.WaitOne(s_look);
                events.Tell();
                PassOn(agent);
                if (!agent.HasExited)
                    continue;
                Console.Error.WriteLine($"{WallClock.UtcNow:O} agent ended with exit code {agent.ExitCode}, starting it again");
                agent.Dispose();
                agent = StartAgent(changed, name, folder, agentArguments);
            }
            control.Terminate();
            while (!control.HasExited && !shutdown.Again.IsCancellationRequested)
            {
                changed.WaitOne(s_look); // control bounds its stop by itself
                events.Tell();
            }
            if (!control.HasExited)
                control.Kill();
            control.WaitForExit(TimeSpan.FromSeconds(10));
            events.Tell();
            limp?.WaitForExit(s_limpDeadline); // it ends by itself with control, after it let the arm go where that had power
            if (limp is { Errors.Length: > 0 })
                Console.Error.WriteLine(limp.Errors);
            if (control.Errors.Length > 0)
                Console.Error.WriteLine(control.Errors);
            agent.Terminate();
            agent.WaitForExit(TimeSpan.FromSeconds(10));
            PassOn(agent);
            return control.HasExited ? control.ExitCode : ExitCode.Failed;
        }
        finally
        {
            agent.Dispose();
        }
    }

    /// <summary>A busy SCHED_FIFO process never tiers up: everything is compiled fully at first use (docs/adr/0001).</summary>
    public static IReadOnlyDictionary<string, string> ControlEnvironment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_TieredCompilation"] = "0" };

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_limpDeadline = TimeSpan.FromSeconds(65); // longest baseline.limp_s, and the opening of the port

    // R16: servos without a watchdog are let go by another process when control dies.
    private static bool NeedsLimp(RunDescription run) =>
        ConfigDocument.Load(run.RobotPath).Root.Map("arming").Strings("checks", []).Contains("limp_process", StringComparer.Ordinal);

    // What the agent has to say (nobody can steer, a key was refused, a policy came late) is said while it can still be acted on.
    private static void PassOn(RoboticsProcess agent)
    {
        while (agent.TryReadError(out string line))
            Console.Error.WriteLine(line);
    }

    private static RoboticsProcess StartAgent(AutoResetEvent changed, string name, string folder, IReadOnlyList<string> arguments) =>
        new(changed, null, ["agent", .. arguments, "--memory", name, "--folder", folder]);
}
