using System.CommandLine;
using Robotics.Configuration;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics config</c>: checks configuration files before anything moves.</summary>
internal static class ConfigVerb
{
    public static Command Build()
    {
        var command = new Command("config", "Check configuration. Example: robotics config check runs/hover.yaml");
        command.Subcommands.Add(Check());
        return command;
    }

    private static Command Check()
    {
        var run = new Argument<string>("run") { Description = "A run file; its robot and task are checked with it" };
        var set = new Option<string[]>("--set") { Description = "Override a key: a.b=v (safety limits: only tighter)" };
        var command = new Command("check", "Lists every problem of a run, its robot and its task, with file:line") { run, set };
        command.SetAction(parsed =>
        {
            RunDescription description = RunDescription.Load(parsed.GetRequiredValue(run), parsed.GetValue(set));
            description.Document.ThrowIfBad();
            Console.WriteLine($"{description.Document.File}: ok");
            return ExitCode.Ok;
        });
        return command;
    }
}
