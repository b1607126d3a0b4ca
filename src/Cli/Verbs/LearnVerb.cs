using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Learner;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics learn</c>: the learner of a run. Ends in order on SIGTERM or Ctrl-C.</summary>
internal static class LearnVerb
{
    public static Command Build()
    {
        var arguments = new RunArguments();
        var command = new Command("learn", "Learn from what edges send; resumes from its checkpoint. Example: robotics learn runs/hover.yaml --folder out");
        var resume = new Option<bool>("--resume") { Description = "Go on from the folder's checkpoint, or end where it has none (without it a learner then begins anew)" };
        arguments.AddTo(command);
        command.Options.Add(resume);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(resume))
                DemandCheckpoint(arguments.Folder(parsed));
            using var shutdown = new ShutdownSignal();
            using var learner = new LearnerProcess(arguments.Load(parsed), arguments.Folder(parsed), log: Console.Error.WriteLine);
            Action<LearnerProgress>? report = arguments.Progress(parsed) ? p => Console.WriteLine(JsonSerializer.Serialize(p)) : null;
            learner.Run(report, shutdown.Token);
            Console.WriteLine(JsonSerializer.Serialize(learner.Progress(done: true)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void DemandCheckpoint(string folder)
    {
        string path = CheckpointKeeper.PathIn(LearnerProcess.CheckpointFolder(folder));
        if (!File.Exists(path))
            throw new FailureException($"there is no {path} to resume from; name the folder of the run with --folder, or leave --resume out to begin anew", ExitCode.BadConfiguration);
    }
}
