using System.CommandLine;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Learner;
using Robotics.Runtime.Commands;
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
        command.Subcommands.Add(FindPort.Build());
        return command;
    }

    private static Command Check()
    {
        var run = new Argument<string>("file") { Description = "A run file with its robot and task, or a robot.yaml" };
        var set = new Option<string[]>("--set") { Description = "Override a key: a.b=v (safety limits: only tighter)" };
        var command = new Command("check", "Lists every problem of a run, its robot and its task, or of a robot alone, with file:line. No device is opened") { run, set };
        command.SetAction(parsed =>
        {
            ConfigMap root = ConfigDocument.Load(parsed.GetRequiredValue(run)).Root;
            if (root.Has("robot") && !root.Has("run"))
                return CheckRobot(parsed.GetRequiredValue(run), parsed.GetValue(set) ?? []);
            RunDescription description = RunDescription.Load(parsed.GetRequiredValue(run), parsed.GetValue(set));
            bool learns = description.Algorithm.String("kind", "") != "none"; // a run that only flies
            LearningAlgorithm? algorithm = learns ? LearningAlgorithm.Read(description.Algorithm, description.Steps, description.Replay) : null;
            using RobotRig robot = RobotRig.Load(description, new ManualClock(1), attach: false);
            algorithm?.ThrowIfUnfit(robot.Task);
            Console.WriteLine($"{description.Document.File}: ok ({robot.Name}, {robot.Schema}, policies of schema {robot.Schema.TaskHash:x16}; an agent may be away for {robot.RingSeconds:F0} s, {robot.RingBytes >> 20} MiB of /dev/shm)");
            if (robot.RingSeconds < description.RingSeconds)
                Console.WriteLine($"note: spool.ring_seconds asks for {description.RingSeconds:F0} s, more than the largest ring holds: records of {robot.Schema.RecordLength} bytes at {robot.Task.PolicyRateHz} Hz");
            return ExitCode.Ok;
        });
        return command;
    }

    private static int CheckRobot(string file, string[] overrides)
    {
        RobotProfile robot = RobotProfile.Check(file, overrides);
        using IDisposable driver = robot.Driver;
        Console.WriteLine($"{file}: ok ({robot.Name}, {robot.Driver.StateChannels.Count} state channels, {robot.Driver.CommandChannels.Count} command channels, {robot.ControlRateHz} Hz; baseline validated)");
        return ExitCode.Ok;
    }

    private static Command Keys()
    {
        var run = new Argument<string>("run") { Description = "The run whose robot and learner get keys" };
        var folder = new Option<string>("--folder") { Description = "Keys go to FOLDER/keys", DefaultValueFactory = _ => "out" };
        var command = new Command("keys", "Makes the CURVE keys of learner and robot and the key that signs policies; existing ones stay. Example: robotics config keys runs/hover.yaml --folder out") { run, folder };
        command.SetAction(parsed =>
        {
            using RobotRig robot = RobotRig.Load(RunDescription.Load(parsed.GetRequiredValue(run)), new ManualClock(1), attach: false);
            string keys = Path.Combine(parsed.GetRequiredValue(folder), "keys");
            foreach (string path in LinkKeys.Create(keys, robot.RobotId))
                Console.WriteLine($"wrote {path}");
            if (OperatorKey.Create(parsed.GetRequiredValue(folder)))
                Console.WriteLine($"wrote {OperatorKey.PathIn(parsed.GetRequiredValue(folder))}: robot and operators share it");
            foreach (string path in PolicyKeys.Create(keys))
                Console.WriteLine($"wrote {path}");
            Console.WriteLine($"learner.key and policy.key stay with the learner; {robot.RobotId:x16}.key, learner.pub and policy.pub go to the robot {robot.Name}");
            return ExitCode.Ok;
        });
        return command;
    }
}
