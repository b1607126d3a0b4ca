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
        (_, string output, string errors) = RoboticsCommand.Execute("safety", "campaign", "--wall", "--trials", "30", "--only", "R1", "--cases", "1", "--json");
        Assert.True(output.StartsWith('{'), errors);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("requirements_passed").GetInt32());
        Assert.Equal(0, document.RootElement.GetProperty("invariant_violations").GetInt64());
        JsonElement processes = document.RootElement.GetProperty("processes");
        Assert.Equal((3, 27), (processes.GetProperty("agent_kills").GetInt32(), processes.GetProperty("agent_stops").GetInt32()));
        Assert.Equal(20, processes.GetProperty("stops_by_operators").GetInt32());
        Assert.Equal(0, processes.GetProperty("allocated_bytes").GetInt64());
        Assert.Equal(0, processes.GetProperty("collections").GetInt32());
        long with = TicksOf(processes, "with_trials"), without = TicksOf(processes, "without_trials");
        Assert.True(with >= 30 && without >= with, $"{with} ticks with trials, {without} without");
        JsonElement watching = processes.GetProperty("watching_thread");
        (int hangs, int unanswered, int latched) = (watching.GetProperty("hangs").GetInt32(), watching.GetProperty("unanswered").GetInt32(), watching.GetProperty("latched").GetInt32());
        Assert.Equal(3, hangs);
        Assert.SkipWhen(unanswered > 0 && processes.GetProperty("degraded").GetArrayLength() > 0, "the watching thread had no real-time rights, and did not run within a hang of 30 ms");
        Assert.InRange(unanswered, 0, hangs - 1); // a virtual machine that stands still for as long answers nothing
        Assert.Equal(hangs - unanswered, latched);
    }

    [Fact]
    public void Steal_LinesOfProcStat_AreTheEighthNumberOfTheCore()
    {
        string[] lines = ["cpu  10 0 20 3000 4 0 5 17 0 0", "cpu0 5 0 10 1500 2 0 3 9 0 0", "intr 1 2 3"];
        Assert.Equal((170, 90, 0), (StealTime.Of(lines, "cpu"), StealTime.Of(lines, "cpu0"), StealTime.Of(lines, "cpu1")));
    }

    private static long TicksOf(JsonElement processes, string window) => processes.GetProperty(window).GetProperty("ticks").GetInt64();
}
