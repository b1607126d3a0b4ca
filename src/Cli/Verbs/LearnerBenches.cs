using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Learner.Bench.Hover;
using Robotics.Learner.Bench.Pendulum;
using Robotics.Learner.Td3;
using Robotics.Tasks;

namespace Robotics.Cli.Verbs;

/// <summary>Benchmarks of the simulator and the learner. CPU time of one core, never wall time.</summary>
internal static class LearnerBenches
{
    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    public static IEnumerable<Command> All() => [Sim(), Hover(), Pendulum()];

    private static Command Sim() => Bench(
        "sim", "Batched quadrotor and hover task: million steps per CPU second",
        () =>
        {
            SimulatorFigures figures = SimBench.Run(Path.Combine(Installation.PathOf("hardware"), ".."));
            return new
            {
                step_only_million_per_s = figures.StepOnlyMillionPerS,
                full_step_million_per_s = figures.FullStepMillionPerS,
                register_bits = figures.RegisterBits,
            };
        });

    private static Command Hover() => Bench(
        "hover", "TD3 on the published schedule, 300,001 steps, 5 seeds: CPU seconds and quality (minutes)",
        () => HoverBench.Measure(Td3Options.Steady(300_001), [0, 1, 2, 3, 4]));

    private static Command Pendulum() => Bench(
        "pendulum", "TD3 and SAC on the pendulum, 20,000 steps, 3 seeds: CPU seconds and return", () => PendulumBench.Measure([0, 1, 2]));

    private static Command Bench(string name, string description, Func<object> measure)
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command(name, description) { json };
        command.SetAction(parsed =>
        {
            Console.WriteLine(JsonSerializer.Serialize(measure(), parsed.GetValue(json) ? s_line : s_indented));
            return ExitCode.Ok;
        });
        return command;
    }
}
