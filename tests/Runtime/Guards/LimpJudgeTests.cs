using Robotics.Core;
using Robotics.Runtime.Guards;

namespace Robotics.Runtime.Tests.Guards;

/// <summary>R16 in looks of 5 ms: the arm of a dead, stopped or hanging control process is let go in less than 100 ms.</summary>
public sealed class LimpJudgeTests
{
    private const long LookNs = 5_000_000;
    private const long BudgetNs = 100_000_000; // R16
    private readonly LimpJudge _judge = new();
    private long _now = 7_000_000_000;

    [Fact]
    public void Look_ControlDied_LetsGoAtOnce()
    {
        Fly(ticks: 200);
        Assert.Equal(LimpVerdict.LetGo, Look(200, ProcessState.Gone));
    }

    [Fact]
    public void Look_ControlStopped_KillsAndLetsGoAtTheSecondLook()
    {
        Fly(ticks: 200);
        Assert.Equal(LimpVerdict.StandBy, Look(200, ProcessState.Stopped));
        Assert.Equal(LimpVerdict.KillAndLetGo, Look(200, ProcessState.Stopped));
    }

    [Fact]
    public void Look_ControlHangs_KillsAndLetsGoInsideTheBudgetAndNotBeforeItsSilenceIsOver()
    {
        Fly(ticks: 200);
        long start = _now;
        while (Look(200, ProcessState.Running) == LimpVerdict.StandBy)
            Assert.InRange(_now - start, 0, BudgetNs);
        Assert.InRange(_now - start, LimpJudge.SilentNs, BudgetNs - (2 * LookNs));
    }

    // A loaded machine holds control up for most of the silence, again and again.
    [Fact]
    public void Look_ControlIsHeldUp_StandsBy()
    {
        for (int tick = 0; tick < 100; tick++)
        {
            for (int look = 0; look < 15; look++)
                Assert.Equal(LimpVerdict.StandBy, Look(tick, look == 7 ? ProcessState.Stopped : ProcessState.Running));
        }
    }

    // A virtual machine that stands still holds both up, and who wakes first must not kill the other for it.
    [Fact]
    public void Look_TheLookItselfWasHeldUp_StandsByAndCountsTheSilenceFromThere()
    {
        Fly(ticks: 200);
        for (int i = 0; i < 3; i++)
        {
            _now += 200_000_000;
            Assert.Equal(LimpVerdict.StandBy, Look(200, ProcessState.Running));
        }
        long start = _now;
        while (Look(200, ProcessState.Running) == LimpVerdict.StandBy)
            Assert.InRange(_now - start, 0, LimpJudge.SilentNs);
    }

    [Theory]
    [InlineData(ProcessState.Running)]
    [InlineData(ProcessState.Stopped)]
    [InlineData(ProcessState.Gone)]
    public void Look_NothingIsPowered_StandsBy(ProcessState state)
    {
        for (int i = 0; i < 100; i++)
            Assert.Equal(LimpVerdict.StandBy, _judge.Look(_now += LookNs, 3, SafetyAction.PowerCut, state, hasLeft: false));
    }

    // Ending takes some hundred ms in which control no longer ticks.
    [Fact]
    public void Look_ControlEndsInOrder_WaitsForItsEnd()
    {
        Fly(ticks: 200);
        for (int look = 0; look < 100; look++)
            Assert.Equal(LimpVerdict.StandBy, Look(200, ProcessState.Running, hasLeft: true));
        Assert.Equal(LimpVerdict.LetGo, Look(200, ProcessState.Gone, hasLeft: true));
    }

    private void Fly(int ticks)
    {
        for (int tick = 0; tick <= ticks; tick++)
            Assert.Equal(LimpVerdict.StandBy, Look(tick, ProcessState.Running));
    }

    private LimpVerdict Look(long ticks, ProcessState state, bool hasLeft = false) => _judge.Look(_now += LookNs, ticks, SafetyAction.Nominal, state, hasLeft);
}
