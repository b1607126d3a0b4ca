using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Robotics.Cli.Bench;
using Robotics.Core;
using Robotics.Learner.Bench.Fly;
using Robotics.Learner.Bench.Gemm;
using Robotics.Learner.Bench.Hover;
using Robotics.Learner.Bench.Pendulum;
using Robotics.Learner.Kernels;
using Robotics.Learner.Td3;
using Robotics.Tasks;

namespace Robotics.Cli.Verbs;

/// <summary>Benchmarks of the simulator and the learner. CPU time of one core, never wall time, unless a figure says so.</summary>
internal static class LearnerBenches
{
    private static readonly JsonSerializerOptions s_line = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a run that diverged says "NaN", it does not crash
    };

    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    // Batch, inputs, outputs: the layers of SAC (256-256), of pendulum and hover (64-64), and larger ones than any task here has.
    private static readonly (int Batch, int Inputs, int Outputs)[] s_layers =
        [(256, 32, 256), (256, 40, 256), (256, 256, 256), (256, 256, 16), (100, 64, 64), (256, 146, 64), (256, 512, 512), (256, 1024, 1024)];

    public static IEnumerable<Command> All() => [Sim(), Hover(), Fly(), Pendulum(), Sac(), Stream(), Gemm()];

    private static string Root => Path.Combine(Installation.PathOf("hardware"), "..");

    private static Command Sim() => Bench(
        "sim", "Batched quadrotor and hover task: million steps per CPU second",
        () =>
        {
            SimulatorFigures figures = SimBench.Run(Root);
            return new
            {
                step_only_million_per_s = figures.StepOnlyMillionPerS,
                full_step_million_per_s = figures.FullStepMillionPerS,
                register_bits = figures.RegisterBits,
            };
        });

    private static Command Hover()
    {
        Option<int> seeds = Seeds(10);
        var preset = new Option<string>("--preset") { Description = "steady or published", DefaultValueFactory = _ => "steady" };
        return Bench(
            "hover", "TD3 on the published schedule, 300,001 steps: CPU seconds, and quality over 200 episodes a seed (minutes)",
            parsed =>
            {
                Td3Options options = parsed.GetValue(preset) == "published" ? Td3Options.Published : Td3Options.Steady(300_001);
                return HoverBench.Measure(SimulatedQuadrotorTask.Hover(Root), options, [.. Numbers(parsed.GetValue(seeds))]);
            },
            seeds, preset);
    }

    private static Command Fly()
    {
        Option<int> seeds = Seeds(10);
        return Bench(
            "fly", "Hover by analytic policy gradient from zero: CPU seconds to a mean episode length of 440, and to 475 with nine of ten settled",
            parsed =>
            {
                FlyFigures f = new FlyBenchmark(SimulatedQuadrotorTask.Hover(Root).Batch).Run(ThreadCpuClock.Instance, parsed.GetValue(seeds));
                return new { cpu_s_to_440 = Finite(f.CpuSTo440), cpu_s_to_475 = Finite(f.CpuSTo475), f.MeanEpisodeLength, f.SettledShare, f.Seeds };
            },
            seeds);
    }

    private static Command Pendulum()
    {
        Option<int> seeds = Seeds(20);
        return Bench(
            "pendulum", "TD3 and SAC on the pendulum, 20,000 steps: CPU seconds and return",
            parsed => PendulumBench.Measure([.. Numbers(parsed.GetValue(seeds))]), seeds);
    }

    private static Command Sac() => Bench(
        "sac", "One SAC update, 256-256, batch 256, beside tuned PyTorch: 1 and 2 threads, 2 and 10 critics",
        () =>
        {
            SacFigures f = SacComparison.Run();
            return new
            {
                ratio_1_thread_2_critics = f.Ratio1Thread2Critics,
                ratio_2_threads_2_critics = f.Ratio2Threads2Critics,
                ratio_1_thread_10_critics = f.Ratio1Thread10Critics,
                ratio_2_threads_10_critics = f.Ratio2Threads10Critics,
                f.UpdatesPerS,
                f.Peer,
            };
        });

    private static Command Stream()
    {
        Option<int> seeds = Seeds(5);
        var learn = new Option<bool>("--learn") { Description = "What the same learner learns: pendulum 300,000 steps, hover 2,000,000 (minutes)" };
        return Bench(
            "stream", "One step of stream-AC, 128-128, 32 observed values, 8 actions: act and learn",
            parsed => parsed.GetValue(learn) ? StreamComparison.Learning(parsed.GetValue(seeds)) : StreamComparison.Cost(),
            seeds, learn);
    }

    private static Command Gemm() => Bench(
        "gemm", "The products of dense layers on one thread, own kernels beside OpenBLAS: GFLOP per CPU second",
        () =>
        {
            OpenBlas? blas = OpenBlas.TryLoad();
            var layers = new List<GemmFigures>();
            foreach ((int batch, int inputs, int outputs) in s_layers)
            {
                using var layer = new GemmBench(batch, inputs, outputs, DenseKernels.For(KernelChoice.Auto), blas);
                layers.Add(layer.Run(ThreadCpuClock.Instance));
            }
            return new { kernels = DenseKernels.For(KernelChoice.Auto).Name, blas = blas?.Name ?? "none: libopenblas0-pthread is not on this machine", layers };
        });

    private static Option<int> Seeds(int count) => new("--seeds") { Description = "Runs, each with a seed of its own", DefaultValueFactory = _ => count };

    private static IEnumerable<ulong> Numbers(int count) => Enumerable.Range(0, count).Select(i => (ulong)i);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static Command Bench(string name, string description, Func<object> measure) => Bench(name, description, _ => measure());

    private static Command Bench(string name, string description, Func<ParseResult, object> measure, params Option[] options)
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command(name, description) { json };
        foreach (Option option in options)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            Console.WriteLine(JsonSerializer.Serialize(measure(parsed), parsed.GetValue(json) ? s_line : s_indented));
            return ExitCode.Ok;
        });
        return command;
    }
}
