using System.CommandLine;
using System.Text.Json;
using Robotics.Learner.Success;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics classifier</c>: learns to see success from episodes that a person judged.</summary>
internal static class ClassifierVerb
{
    public static Command Build()
    {
        var command = new Command("classifier", "Learn to see success. Example: robotics classifier train out/spool --out out/success.network");
        command.Subcommands.Add(Train());
        return command;
    }

    private static Command Train()
    {
        var spool = new Argument<string>("spool") { Description = "A spool or store with episodes that ended in success and others" };
        var file = new Option<string>("--out") { Description = "Where the network goes; name it in the task's success_classifier", Required = true };
        var hidden = new Option<int>("--hidden") { Description = "Units of the hidden layer; 0 for logistic regression", DefaultValueFactory = _ => 32 };
        var steps = new Option<int>("--steps") { Description = "Gradient steps", DefaultValueFactory = _ => 3000 };
        var threshold = new Option<double>("--threshold") { Description = "Probability that the report measures at", DefaultValueFactory = _ => 0.9 };
        var doubtful = new Option<int>("--doubtful") { Description = "Steps before a success that count as neither", DefaultValueFactory = _ => 10 };
        var seed = new Option<ulong>("--seed") { Description = "Seed" };
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command("train", "Trains p(success | observation frame). Example: robotics classifier train out/spool --out out/success.network")
        {
            spool, file, hidden, steps, threshold, doubtful, seed, json,
        };
        command.SetAction(parsed =>
        {
            SuccessExamples examples = SuccessExamples.Read(parsed.GetRequiredValue(spool), parsed.GetValue(doubtful));
            (byte[] image, SuccessReport report) = SuccessTrainer.Train(examples, new SuccessTrainingOptions
            {
                Hidden = parsed.GetValue(hidden),
                Steps = parsed.GetValue(steps),
                Threshold = parsed.GetValue(threshold),
                Seed = parsed.GetValue(seed),
            });
            string path = parsed.GetRequiredValue(file);
            File.WriteAllBytes(path, image);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report)
                : FormattableString.Invariant($"{path}: sees {report.Recall:P1} of {report.HeldOutPositive} held-out successes, takes {report.FalsePositiveRate:P2} of {report.HeldOutNegative} other frames for one"));
            return ExitCode.Ok;
        });
        return command;
    }
}
