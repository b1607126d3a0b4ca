using System.CommandLine;
using Robotics.Configuration;

namespace Robotics.Cli.Processes;

/// <summary>Arguments that every process of a run shares.</summary>
internal sealed class RunArguments
{
    private readonly Argument<string> _run = new("run") { Description = "Run file, for example runs/hover.yaml" };
    private readonly Option<string[]> _set = new("--set") { Description = "Override a key of the run file: a.b=v" };
    private readonly Option<string[]> _setRobot = new("--set-robot") { Description = "Override a key of robot.yaml: a.b=v (safety limits: only tighter)" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Seed, instead of the run file's" };
    private readonly Option<long?> _steps = new("--steps") { Description = "Environment steps, instead of the run file's" };
    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "Learner's endpoint, instead of the run file's" };
    private readonly Option<string> _folder = new("--folder") { Description = "Folder of spool, store, bundles and keys", DefaultValueFactory = _ => "out" };
    private readonly Option<bool> _progress = new("--progress") { Description = "One JSON line several times a second" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_run);
        foreach (Option option in (Option[])[_set, _setRobot, _seed, _steps, _endpoint, _folder, _progress])
            command.Options.Add(option);
    }

    public string Folder(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(_folder));

    public bool Progress(ParseResult parsed) => parsed.GetValue(_progress);

    public IReadOnlyList<string> RobotOverrides(ParseResult parsed) => parsed.GetValue(_setRobot) ?? [];

    /// <summary>The same arguments for another process of the run, the folder and --progress left out.</summary>
    public IReadOnlyList<string> Forward(ParseResult parsed)
    {
        RunDescription run = Load(parsed);
        return
        [
            parsed.GetRequiredValue(_run), "--seed", $"{run.Seed}", "--endpoint", run.Endpoint,
            .. (parsed.GetValue(_set) ?? []).SelectMany(s => new[] { "--set", s }),
            .. (parsed.GetValue(_setRobot) ?? []).SelectMany(s => new[] { "--set-robot", s }),
        ];
    }

    public RunDescription Load(ParseResult parsed)
    {
        RunDescription run = RunDescription.Load(parsed.GetRequiredValue(_run), parsed.GetValue(_set));
        run.Seed = (ulong)(parsed.GetValue(_seed) ?? (long)run.Seed);
        run.Steps = parsed.GetValue(_steps) ?? run.Steps;
        run.Endpoint = parsed.GetValue(_endpoint) ?? run.Endpoint;
        return run;
    }
}
