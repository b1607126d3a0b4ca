using System.Text.Json;
using Robotics.Cli;
using Robotics.Cli.Bench;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics bench loop</c>: what has to hold on every machine. Its times are for docs/benchmarks.md, not for a test.</summary>
[Collection(WallClockCollection.Name)]
public sealed class LoopBenchTests
{
    private const string Histogram = """
        # /dev/cpu_dma_latency set to 0us
        # Histogram
        000000 000000
        000001 000500
        000002 000480
        000003 000009
        000009 000010
        # Total: 000000999
        # Min Latencies: 00001
        # Avg Latencies: 00002
        # Max Latencies: 00250
        # Histogram Overflows: 00001
        # Histogram Overflow at cycle number:
        # Thread 0: 00017
        """;

    [Fact]
    public void Parse_CyclictestHistogram_GivesQuantilesAsTheCLoopCountsThem()
    {
        PeerBlock block = CyclicTest.Parse(Histogram);
        Assert.Equal((1000, 2.0, 10.0, 10.0, 250.0), (block.Ticks, block.P50Us, block.P99Us, block.P999Us, block.MaxUs));
        Assert.Equal([[2, 500], [4, 489], [16, 10], [250, 1]], block.Histogram);
    }

    [Fact]
    public void Parse_NoHistogram_IsADiagnosis() =>
        Assert.Contains("no histogram", Assert.Throws<FailureException>(() => CyclicTest.Parse("# Total:\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Loop_ShortRunUnderLoad_AllocatesNothingAndNamesEveryFigure()
    {
        (int code, string output, string errors) = RoboticsCommand.Execute("bench", "loop", "--rate", "500", "--seconds", "2", "--json");
        Assert.True(code == 0, $"exit code {code}: {output} {errors}");
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement result = document.RootElement;
        Assert.Equal(0, result.GetProperty("allocated_bytes").GetInt64());
        Assert.Equal(0, result.GetProperty("collections").GetInt32());
        Assert.True(result.GetProperty("agent_collections").GetInt32() > 0, "the load made no garbage");
        Assert.True(result.GetProperty("learner_updates_per_s").GetDouble() > 0, "the load learnt nothing");
        foreach (string field in (string[])["p50_us", "p99_us", "p999_us", "max_us", "p999_ratio_to_c", "tick_p999_us"])
            Assert.True(result.GetProperty(field).GetDouble() > 0, field);
        Assert.True(result.GetProperty("misses").GetInt64() >= 0);
        Assert.Equal(["read", "inspect", "policy", "arbitrate", "filter", "write", "record"], result.GetProperty("stage_p999_us").EnumerateObject().Select(s => s.Name));
        Assert.True(result.GetProperty("last_block").GetProperty("wake_up").GetProperty("count").GetInt64() >= 1000); // those before the policy flew, too
        AssertPeer(result.GetProperty("c"));
        if (CyclicTest.IsInstalled)
            AssertPeer(result.GetProperty("cyclictest"));
        else
            Assert.Contains("rt-tests", errors, StringComparison.Ordinal);
    }

    private static void AssertPeer(JsonElement peer)
    {
        Assert.True(peer.GetProperty("max_us").GetDouble() >= peer.GetProperty("p50_us").GetDouble());
        Assert.Equal(1000, peer.GetProperty("last_histogram_us").EnumerateArray().Sum(bin => bin[1].GetInt64()));
    }
}
