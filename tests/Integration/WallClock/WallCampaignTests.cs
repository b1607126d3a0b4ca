using System.Text.Json;
using Robotics.Cli.Safety;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics safety campaign --wall</c> with few trials: what is counted. What is timed is for docs/benchmarks.md.</summary>
[Collection(WallClockCollection.Name)]
public sealed class WallCampaignTests
{
    [Fact]
    public void Campaign_FewTrials_CountsEachKillStopHangAndOperatorsStop()
    {
        (_, string output, string errors) = RoboticsCommand.Execute("safety", "campaign", "--wall", "--trials", "12", "--only", "R1", "--cases", "1", "--json");
        Assert.True(output.StartsWith('{'), errors);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("requirements_passed").GetInt32());
        Assert.Equal(0, document.RootElement.GetProperty("invariant_violations").GetInt64());
        JsonElement processes = document.RootElement.GetProperty("processes");
        Assert.Equal((2, 10), (processes.GetProperty("agent_kills").GetInt32(), processes.GetProperty("agent_stops").GetInt32()));
        Assert.Equal(20, processes.GetProperty("stops_by_operators").GetInt32());
        Assert.Equal(0, processes.GetProperty("allocated_bytes").GetInt64());
        Assert.Equal(0, processes.GetProperty("collections").GetInt32());
        long with = TicksOf(processes, "with_trials"), without = TicksOf(processes, "without_trials");
        Assert.True(with >= 12 && without >= with, $"{with} ticks with trials, {without} without");
        JsonElement watching = processes.GetProperty("watching_thread");
        Assert.Equal((1, 0, 1), (watching.GetProperty("hangs").GetInt32(), watching.GetProperty("unanswered").GetInt32(), watching.GetProperty("latched").GetInt32()));
    }

    [Fact]
    public void Steal_LinesOfProcStat_AreTheEighthNumberOfTheCore()
    {
        string[] lines = ["cpu  10 0 20 3000 4 0 5 17 0 0", "cpu0 5 0 10 1500 2 0 3 9 0 0", "intr 1 2 3"];
        Assert.Equal((170, 90, 0), (StealTime.Of(lines, "cpu"), StealTime.Of(lines, "cpu0"), StealTime.Of(lines, "cpu1")));
    }

    private static long TicksOf(JsonElement processes, string window) => processes.GetProperty(window).GetProperty("ticks").GetInt64();
}
