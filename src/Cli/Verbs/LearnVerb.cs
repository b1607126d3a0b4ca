using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics learn</c>: the learner of a run. Ends in order on SIGTERM or Ctrl-C.</summary>
internal static class LearnVerb
{
    public static Command Build()
    {
        var arguments = new RunArguments();
        var command = new Command("learn", "Learn from what edges send; resumes from its checkpoint. Example: robotics learn runs/hover.yaml --folder out");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            using var learner = new LearnerProcess(arguments.Load(parsed), arguments.Folder(parsed), log: Console.Error.WriteLine);
            Action<LearnerProgress>? report = arguments.Progress(parsed) ? p => Console.WriteLine(JsonSerializer.Serialize(p)) : null;
            learner.Run(report, shutdown.Token);
            Console.WriteLine(JsonSerializer.Serialize(learner.Progress(done: true)));
            return ExitCode.Ok;
        });
        return command;
    }
}
