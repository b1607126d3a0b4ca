using System.Globalization;
using System.Text;
using System.Text.Json;
using Robotics.Experience;

namespace Robotics.Cli.Verbs;

/// <summary>What `robotics spool` says, for people and for machines.</summary>
internal static class SpoolText
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Json(SpoolReport report) => JsonSerializer.Serialize(
        new
        {
            report.Records,
            Streams = report.Streams.Count,
            Missing = report.Streams.Sum(s => (long)s.Missing),
            Repeated = report.Streams.Sum(s => (long)s.Repeated),
            Dropped = report.Streams.Sum(s => s.Dropped.Records),
            Problems = report.Streams.Sum(s => s.Problems.Count),
            Whole = report.IsWhole,
        },
        Names);

    public static string Json(SpoolInfo info) => JsonSerializer.Serialize(
        new
        {
            Folder = info.Root,
            Records = info.Streams.Sum(s => s.Records),
            Bytes = info.Streams.Sum(s => s.Bytes),
            Streams = info.Streams.Select(s => new
            {
                Robot = $"{s.Stream.Robot:x16}",
                Boot = $"{s.Stream.Boot:x16}",
                Task = s.Schema?.Task ?? "",
                Schema = $"{s.Schema?.Hash ?? 0:x16}",
                s.Records,
                s.First,
                s.Last,
                s.Bytes,
                s.Episodes,
                s.Terminated,
                s.Truncated,
                s.Interventions,
                Sources = s.Steps.ToDictionary(p => p.Key.ToString().ToLowerInvariant(), p => p.Value),
                s.Acknowledged,
                DroppedRecords = s.Dropped.Records,
                MaxBytes = s.Status?.MaxBytes ?? 0,
                WhenFull = WhenFull(s),
                Fill = Math.Round(s.Fill, 4),
                Segments = s.Segments.Select(g => new { File = Path.GetFileName(g.Path), g.Records, g.First, g.Last, Bytes = g.FileBytes, Valid = g.IsWhole }),
            }),
        },
        Names);

    public static string Json(IReadOnlyList<(SpoolStream Stream, string Target, long Records)> copied) => JsonSerializer.Serialize(
        new
        {
            Records = copied.Sum(c => c.Records),
            Streams = copied.Select(c => new { Robot = $"{c.Stream.Robot:x16}", Boot = $"{c.Stream.Boot:x16}", c.Records, c.Target }),
        },
        Names);

    public static string Json(long added, McapStatus ended) => JsonSerializer.Serialize(new { Records = added, Ended = ended.ToString().ToLowerInvariant() }, Names);

    public static string Plain(SpoolInfo info)
    {
        var text = new StringBuilder();
        foreach (StreamInfo stream in info.Streams)
            Append(text, stream);
        return text.Append(CultureInfo.InvariantCulture, $"{info.Streams.Sum(s => s.Records)} transitions, {Size(info.Streams.Sum(s => s.Bytes))}, in {info.Streams.Count} streams\n").ToString();
    }

    private static void Append(StringBuilder text, StreamInfo s)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        text.Append(c, $"robot {s.Stream.Robot:x16} boot {s.Stream.Boot:x16}: {s.Schema?.ToString() ?? "no usable header"}\n");
        text.Append(c, $"  transitions   {s.Records}, sequence {s.First} to {s.Last}\n");
        text.Append(c, $"  episodes      {s.Episodes}: {s.Terminated} terminated, {s.Truncated} truncated; {s.Interventions} interventions\n");
        text.Append(c, $"  steps by      {string.Join(", ", s.Steps.Select(p => $"{p.Key.ToString().ToLowerInvariant()} {p.Value}"))}\n");
        text.Append(c, $"  on disk       {Size(s.Bytes)}{Bound(s)}\n");
        text.Append(c, $"  acknowledged  up to {s.Acknowledged}\n");
        if (s.Dropped.Records > 0)
            text.Append(c, $"  given up      {s.Dropped.Records} transitions, up to {s.Dropped.Sequence}\n");
        foreach (SegmentScan g in s.Segments)
            text.Append(c, $"  {Path.GetFileName(g.Path)}  {g.Records} transitions, {g.First} to {g.Last}, {Size(g.FileBytes)}{(g.IsWhole ? "" : "; not whole, see: robotics spool verify")}\n");
    }

    private static string Bound(StreamInfo s) =>
        s.Status is not { MaxBytes: > 0 } status ? ", no bound" : string.Create(CultureInfo.InvariantCulture, $", {s.Fill:P1} of {Size(status.MaxBytes)}; when full: {WhenFull(s)}");

    private static string WhenFull(StreamInfo s) => s.Status switch
    {
        { MaxBytes: > 0, Retention: SpoolRetention.KeepAll } => "refuse_arming",
        { MaxBytes: > 0 } => "drop_acknowledged",
        _ => "",
    };

    private static string Size(long bytes) =>
        bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");
}
