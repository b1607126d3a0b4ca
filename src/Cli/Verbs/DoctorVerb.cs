using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Doctor;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics doctor</c>: is this machine, and the robot on it, ready to fly?</summary>
internal static class DoctorVerb
{
    public static Command Build()
    {
        var robot = new Option<string?>("--robot") { Description = "robot.yaml to check as well" };
        var identify = new Option<bool>("--identify") { Description = "Open the robot's device and ask it who it is; sets and reads back its own command timeout, arms nothing" };
        var set = new Option<string[]>("--set") { Description = "Override a key of robot.yaml" };
        var folder = new Option<string>("--folder") { Description = "Where a run would write", DefaultValueFactory = _ => "out" };
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command(
            "doctor", "Looks for what would stop a run: ports and their rights, real-time rights, libraries, disk. Exit code 3 where something would. Example: robotics doctor --robot hardware/px4-quad/rates.yaml --identify")
        {
            robot, identify, set, folder, json,
        };
        command.SetAction(parsed =>
        {
            var findings = new List<DoctorFinding>([.. MachineChecks.All(parsed.GetRequiredValue(folder)), .. PortChecks.Ports()]);
            if (parsed.GetValue(robot) is { } file)
                findings.AddRange(PortChecks.Robot(file, parsed.GetValue(set) ?? [], parsed.GetValue(identify)));
            Print(findings, parsed.GetValue(json));
            return findings.Exists(f => f.Status == "problem") ? ExitCode.DoctorFoundProblem : ExitCode.Ok;
        });
        return command;
    }

    private static void Print(IReadOnlyList<DoctorFinding> findings, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                problems = findings.Count(f => f.Status == "problem"),
                findings = findings.Select(f => new { check = f.Check, status = f.Status, found = f.Found, remedy = f.Remedy }),
            }));
            return;
        }
        foreach (DoctorFinding f in findings)
        {
            Console.WriteLine($"{f.Status,-8} {f.Check,-20} {f.Found}");
            if (f.Remedy.Length > 0)
                Console.WriteLine($"{"",-8} {"",-20} -> {f.Remedy}");
        }
        int problems = findings.Count(f => f.Status == "problem");
        Console.WriteLine(problems == 0 ? "nothing found that would stop a run" : $"{problems} problem(s)");
    }
}
