using System.CommandLine;
using Robotics.Experience;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics spool</c>: what is in a spool or a store, from its files alone.</summary>
internal static class SpoolVerb
{
    public static Command Build()
    {
        var command = new Command("spool", "Look into a spool or a store. Example: robotics spool verify out/spool");
        command.Subcommands.Add(Info());
        command.Subcommands.Add(Verify());
        command.Subcommands.Add(Repair());
        command.Subcommands.Add(Export());
        command.Subcommands.Add(Import());
        return command;
    }

    private static Command Info()
    {
        var root = new Argument<string>("folder") { Description = "Folder that holds the robot-boot folders" };
        Option<bool> json = Json();
        var command = new Command("info", "What is in it: segments, identities, episodes, sources, bytes, bound, what the learner has. Example: robotics spool info out/spool") { root, json };
        command.SetAction(parsed =>
        {
            SpoolInfo info = SpoolInfo.Read(parsed.GetRequiredValue(root));
            Console.Write(parsed.GetValue(json) ? SpoolText.Json(info) + Environment.NewLine : SpoolText.Plain(info));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Verify()
    {
        var root = new Argument<string>("folder") { Description = "Folder that holds the robot-boot folders" };
        Option<bool> json = Json();
        var command = new Command("verify", "Reads every byte and lists what is damaged, missing or repeated; exit code 1 where anything is") { root, json };
        command.SetAction(parsed =>
        {
            SpoolReport report = SpoolVerifier.Verify(parsed.GetRequiredValue(root));
            if (parsed.GetValue(json))
                Console.WriteLine(SpoolText.Json(report));
            else
                Tell(report);
            return report.IsWhole ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Repair()
    {
        var root = new Argument<string>("folder") { Description = "Folder with the damaged spool" };
        var target = new Argument<string>("target") { Description = "Folder that gets the valid records" };
        Option<bool> json = Json();
        var command = new Command("repair", "Copies all valid records to a new spool, stepping over damage") { root, target, json };
        command.SetAction(parsed =>
        {
            (string from, string to) = (parsed.GetRequiredValue(root), parsed.GetRequiredValue(target));
            Copy(from, parsed.GetValue(json), stream => (stream.PathIn(to), SpoolVerifier.Repair(from, stream, to)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Export()
    {
        var root = new Argument<string>("folder") { Description = "Folder that holds the robot-boot folders" };
        var target = new Option<string>("--mcap") { Description = "Folder that gets one MCAP file (ROS 2 profile) for each robot and boot", Required = true };
        Option<bool> json = Json();
        var command = new Command("export", "Writes MCAP files for Foxglove and ROS 2 tools. Example: robotics spool export out/spool --mcap out/mcap") { root, target, json };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(root);
            string folder = Directory.CreateDirectory(parsed.GetRequiredValue(target)).FullName;
            Copy(from, parsed.GetValue(json), stream =>
            {
                string path = Path.Combine(folder, stream.FolderName + ".mcap");
                return (path, McapExport.Write(from, stream, path));
            });
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "MCAP file that `spool export` or a live recording wrote" };
        var target = new Argument<string>("target") { Description = "Folder that gets the robot-boot folders" };
        Option<bool> json = Json();
        var command = new Command("import", "Turns an MCAP file back into a spool. Example: robotics spool import flight.mcap out/spool") { file, target, json };
        command.SetAction(parsed =>
        {
            long added = McapImport.Read(parsed.GetRequiredValue(file), parsed.GetRequiredValue(target), out McapStatus status);
            Console.WriteLine(parsed.GetValue(json) ? SpoolText.Json(added, status) : $"{added} transitions added; the file ended with {status}");
            return status is McapStatus.End or McapStatus.Truncated ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "One line for machines" };

    // Each stream to a place of its own; people read one after the other, machines all of them at the end.
    private static void Copy(string root, bool json, Func<SpoolStream, (string Target, long Records)> copy)
    {
        var copied = new List<(SpoolStream, string, long)>();
        foreach (SpoolStream stream in Streams(root))
        {
            (string target, long records) = copy(stream);
            copied.Add((stream, target, records));
            if (!json)
                Console.WriteLine($"{target}: {records} transitions");
        }
        if (json)
            Console.WriteLine(SpoolText.Json(copied));
    }

    private static IEnumerable<SpoolStream> Streams(string root) =>
        Directory.Exists(root) ? SpoolStream.List(root).Where(s => s.HasSegments(root)) : throw new SpoolException($"no such spool: {root}; give the folder that holds the <robot>-<boot> folders");

    private static void Tell(SpoolReport report)
    {
        foreach (StreamReport stream in report.Streams)
        {
            Console.WriteLine($"{stream.Stream.FolderName}: {stream.Records} records, {stream.Bytes} bytes, missing {stream.Missing}, repeated {stream.Repeated}, given up {stream.Dropped.Records}, {stream.Schema?.ToString() ?? "nothing recorded yet"}");
            foreach (string problem in stream.Problems)
                Console.WriteLine($"  {problem}");
        }
        Console.WriteLine($"{report.Records} records in {report.Streams.Count} streams: {(report.IsWhole ? "whole" : "not whole")}");
    }
}
