using System.CommandLine;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Learner.Td3;
using Robotics.Runtime.Composition;
using Robotics.Transport;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics config</c>: checks configuration files before anything moves.</summary>
internal static class ConfigVerb
{
    public static Command Build()
    {
        var command = new Command("config", "Check configuration. Example: robotics config check runs/hover.yaml");
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Keys());
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
            if (description.Algorithm.Has("kind") && description.Algorithm.String("kind") == "td3")
                Td3Options.Read(description.Algorithm, description.Steps);
            using RobotRig robot = RobotRig.Load(description, new ManualClock(1));
            Console.WriteLine($"{description.Document.File}: ok ({robot.Name}, {robot.Schema})");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Keys()
    {
        var run = new Argument<string>("run") { Description = "The run whose robot and learner get keys" };
        var folder = new Option<string>("--folder") { Description = "Keys go to FOLDER/keys", DefaultValueFactory = _ => "out" };
        var command = new Command("keys", "Makes the CURVE keys of learner and robot; existing ones stay. Example: robotics config keys runs/hover.yaml --folder out") { run, folder };
        command.SetAction(parsed =>
        {
            using RobotRig robot = RobotRig.Load(RunDescription.Load(parsed.GetRequiredValue(run)), new ManualClock(1));
            string keys = Path.Combine(parsed.GetRequiredValue(folder), "keys");
            foreach (string path in LinkKeys.Create(keys, robot.RobotId))
                Console.WriteLine($"wrote {path}");
            Console.WriteLine($"learner.key stays with the learner; {robot.RobotId:x16}.key and learner.pub go to the robot {robot.Name}");
            return ExitCode.Ok;
        });
        return command;
    }
}
