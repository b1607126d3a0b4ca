using System.CommandLine;
using Robotics.Cli.Verbs;

namespace Robotics.Cli;

/// <summary>The <c>robotics</c> command. One file per verb in Verbs/; each builds its command and runs it.</summary>
/// <remarks>To add a verb: 1. a static class in Verbs/ with <c>Command Build()</c>; 2. a line below; 3. its example in --help and in README.</remarks>
internal static class Program
{
    public static int Main(string[] args)
    {
        RootCommand root = new("Robotics: a real-world robot learning runtime. Start with: robotics demo");
        foreach (Command verb in Commands())
            root.Subcommands.Add(verb);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine($"robotics: {error.Message}");
            Console.Error.WriteLine("robotics: see robotics --help");
            return ExitCode.Usage;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return Failure.Report(e);
        }
    }

    private static IEnumerable<Command> Commands() =>
    [
        DemoVerb.Build(), RunVerb.Build(), LearnVerb.Build(), ControlVerb.Build(), AgentVerb.Build(), RolloutVerb.Build(), SpoolVerb.Build(), PolicyVerb.Build(), BenchVerb.Build(),
        RecordVerb.Build(), ReplayVerb.Build(), SafetyVerb.Build(), OperatorVerbs.Build(), ConfigVerb.Build(), SimVerb.Build(), TeleopVerb.Build(), ClassifierVerb.Build(),
        EvalVerb.Build(), DoctorVerb.Build(), LimpVerb.Build(),
    ];
}
