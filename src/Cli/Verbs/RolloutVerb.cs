using System.CommandLine;
using System.Text.Json;
using Robotics.Runtime;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics rollout</c>: one policy on one simulated robot from a given state, as a CSV trajectory.</summary>
internal static class RolloutVerb
{
    public static Command Build()
    {
        var robot = new Option<string>("--robot") { Description = "robot.yaml of a simulated quadrotor", Required = true };
        var task = new Option<string>("--task") { Description = "Task the policy was made for", DefaultValueFactory = _ => Installation.PathOf("tasks/raptor-hover.yaml") };
        var policy = new Option<string>("--policy") { Description = "Policy bundle, or a published checkpoint (policy.tar)", Required = true };
        var init = new Option<string>("--init") { Description = "Initial state", DefaultValueFactory = _ => "p=0,0,0;q=1,0,0,0;v=0,0,0;w=0,0,0;rpm=hover" };
        var steps = new Option<int>("--steps") { Description = "Policy steps", DefaultValueFactory = _ => 500 };
        var csv = new Option<string?>("--csv") { Description = "Where the trajectory goes; - for standard output" };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON line" };
        var command = new Command(
            "rollout", "Fly a policy from a given state. Example: robotics rollout --robot hardware/sim-quad-crazyflie/robot.yaml --policy policy.tar --init \"p=.3,-.2,.15;rpm=hover\" --steps 500 --csv out.csv")
        {
            robot, task, policy, init, steps, csv, json,
        };
        command.SetAction(parsed =>
        {
            string policyPath = parsed.GetRequiredValue(policy);
            if (!File.Exists(policyPath))
                throw new FailureException($"no such policy file: {policyPath}");
            using Rollout rollout = Rollout.Load(parsed.GetRequiredValue(robot), parsed.GetRequiredValue(task), File.ReadAllBytes(policyPath), policyPath);
            RolloutResult result = Fly(rollout, parsed.GetRequiredValue(init), parsed.GetValue(steps), parsed.GetValue(csv));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(result));
            else
                Console.Error.WriteLine($"{result.Steps} steps, final distance {result.FinalDistanceM:F4} m, largest {result.MaxDistanceM:F4} m, safety interventions {result.Interventions}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static RolloutResult Fly(Rollout rollout, string init, int steps, string? csv)
    {
        if (csv is null)
            return rollout.Run(init, steps);
        if (csv == "-")
            return rollout.Run(init, steps, Console.Out);
        using var file = new StreamWriter(csv);
        return rollout.Run(init, steps, file);
    }
}
