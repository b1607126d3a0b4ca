using System.CommandLine;
using System.Runtime.InteropServices;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Drivers.Serial.Servos;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics limp</c>: the process that lets an arm go when its control process dies. Started by <c>robotics run</c> where robot.yaml asks for it.</summary>
internal static class LimpVerb
{
    private const int Priority = 82; // above control and its watch: they may be what hangs

    public static Command Build()
    {
        var arguments = new RunArguments();
        var memory = new Option<string>("--memory") { Description = "Name of the memory shared with control", Required = true };
        var control = new Option<int>("--control") { Description = "Process id of the control process", Required = true };
        var command = new Command("limp", "Stands by an arm without a watchdog of its own. Example: robotics limp runs/arm.yaml --memory arm --control 4711") { memory, control };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using ShutdownSignal deaf = ShutdownSignal.Ignored(); // a Ctrl-C at the terminal reaches it too, and control is still bringing the arm to rest
            using PosixSignalRegistration held = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => context.Cancel = true); // Ctrl-Z stops control, not us
            RunDescription run = arguments.Load(parsed);
            ConfigDocument robot = ConfigDocument.Load(run.RobotPath);
            foreach (string assignment in arguments.RobotOverrides(parsed))
                robot.Override(assignment);
            ServoArmOptions options = ServoArmOptions.Read(robot.Root);
            double ramp = robot.Root.Map("baseline").Number("limp_s", 0.01, 60, fallback: 1);
            if (robot.Problems.Count > 0)
                throw new ConfigurationException(robot.Problems);
            _ = LinuxRealTime.MakeRealTime(Priority, Environment.ProcessorCount > 1 ? 0 : -1); // where the machine allows it, as control, and off control's core: a process that dies there keeps it busy
            using var limp = new LimpProcess(options, ramp, parsed.GetRequiredValue(memory), parsed.GetRequiredValue(control));
            if (limp.Run())
                Console.Error.WriteLine($"robotics limp: the control process was gone; the arm was let go over {ramp} s, from {limp.ReactionMs:F0} ms after control's last tick on");
            return ExitCode.Ok;
        });
        return command;
    }
}
