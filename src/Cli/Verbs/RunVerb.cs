using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics run</c>: the edge of a run.</summary>
internal static class RunVerb
{
    public static Command Build()
    {
        var arguments = new RunArguments();
        var lockstep = new Option<bool>("--lockstep") { Description = "Simulated time: control and agent in this process, as fast as learner and machine allow" };
        var offline = new Option<bool>("--offline") { Description = "Real time without a learner: fly the policy installed in FOLDER/bundles and spool" };
        var evaluate = new Option<bool>("--evaluate") { Description = "Evaluate the last policy at the end" };
        var command = new Command("run", "Run the edge. Example: robotics run runs/hover.yaml --lockstep --folder out") { lockstep, offline, evaluate };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal(answersAgain: true);
            if (!parsed.GetValue(lockstep))
                return RealTimeRun.Start(arguments.Load(parsed), arguments.Folder(parsed), arguments.Forward(parsed), parsed.GetValue(offline), shutdown);
            RunDescription run = arguments.Load(parsed);
            using var edge = new EdgeProcess(run, arguments.Folder(parsed), arguments.RobotOverrides(parsed));
            Action<EdgeProgress>? report = arguments.Progress(parsed) ? p => Console.WriteLine(JsonSerializer.Serialize(p)) : null;
            edge.Run(report, shutdown.Token);
            if (parsed.GetValue(evaluate))
                edge.Evaluate(() => arguments.Load(parsed));
            Console.WriteLine(JsonSerializer.Serialize(edge.Progress(done: true)));
            return ExitCode.Ok;
        });
        return command;
    }
}
