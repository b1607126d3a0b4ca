using System.Globalization;

namespace Robotics.Cli.Bench;

/// <summary>The result for a person to read.</summary>
internal static class LoopBenchTable
{
    public static string Of(LoopBenchResult r)
    {
        PeerFigures? cyclic = r.CyclicTest;
        string[] lines =
        [
            Row("wake-up, us", "control", "C loop", "cyclictest"),
            Row("p50", Us(r.P50Us), Us(r.C.P50Us), Us(cyclic?.P50Us)),
            Row("p99", Us(r.P99Us), Us(r.C.P99Us), Us(cyclic?.P99Us)),
            Row("p99.9", Us(r.P999Us), Us(r.C.P999Us), Us(cyclic?.P999Us)),
            Row("max", Us(r.MaxUs), Us(r.C.MaxUs), Us(cyclic?.MaxUs)),
            Row("missed periods", $"{r.Misses}", $"{r.CMisses}", "-"),
            Row("p99.9 ratio, median", "", Ratio(r.P999RatioToC), cyclic is null ? "-" : Ratio(PeerFigures.Median(cyclic.P999Ratios))),
            $"control allocated {r.AllocatedBytes} bytes (all its threads: {r.ProcessAllocatedBytes}), {r.Collections} collections; whole tick p99.9 {Us(r.TickP999Us)} us",
            $"stages p99.9, us: {string.Join(", ", r.StageP999Us.Select(s => $"{s.Key} {Us(s.Value)}"))}",
            string.Create(CultureInfo.InvariantCulture, $"beside it: {r.GarbageMbPerS:F0} MB/s of garbage with {r.GarbageLiveMb:F0} MB live ({r.AgentCollections} collections of the agent), {r.LearnerUpdatesPerS:F0} SAC updates a second"),
            .. r.Degraded.Select(d => $"degraded: {d}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static string Row(string name, string ours, string c, string cyclic) => $"{name,-22}{ours,10}{c,10}{cyclic,12}";

    private static string Us(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
