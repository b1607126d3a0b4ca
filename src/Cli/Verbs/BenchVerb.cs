using System.CommandLine;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench</c>: measures, and counts, on this machine.</summary>
internal static class BenchVerb
{
    public static Command Build()
    {
        var command = new Command("bench", "Measure on this machine. Example: robotics bench link --json");
        foreach (Command bench in LearnerBenches.All())
            command.Subcommands.Add(bench);
        command.Subcommands.Add(PolicyBenches.Inference());
        command.Subcommands.Add(PolicyBenches.Swap());
        command.Subcommands.Add(LoopBenches.Loop());
        command.Subcommands.Add(LoopBenches.Part());
        foreach (Command bench in ExperienceBenches.All())
            command.Subcommands.Add(bench);
        command.Subcommands.Add(SerialBenches.Parsers());
        command.Subcommands.Add(SerialBenches.Reactions());
        command.Subcommands.Add(Ros2Benches.RoundTrip());
        command.Subcommands.Add(Ros2Benches.Flight());
        command.Subcommands.Add(HilBenches.Hil());
        command.Subcommands.Add(HilBenches.Reference());
        command.Subcommands.Add(Ros2Benches.Hostile());
        return command;
    }
}
