using System.Numerics;
using Robotics.Core;

namespace Robotics.Safety.Tests;

/// <summary>
/// The decision is proven over all 2^25 combinations of the declared causes from the empty memory, and factorised for every
/// memory: action = max over causes in force, and the memory of a cause depends on no other cause but for the shared dwell timer
/// and count of returns, which are checked pair by pair. A pairwise independent bitwise function is independent for all sets.
/// </summary>
public sealed class DecisionRulesTests
{
    private const int Declared = 25;
    private const long Dwell = 1_000_000_000;
    private static readonly CauseTable s_table = CauseTable.Standard;
    private static readonly DecisionRules s_rules = new(s_table, Dwell, maxReturns: 3);

    [Theory]
    [InlineData(ActionSource.Policy)]
    [InlineData(ActionSource.Human)]
    public void Decide_EveryCombinationOfFlags_GivesTheStrongestActionOfTheTable(ActionSource source)
    {
        // expected[f] from expected[f without its lowest bit]: independent of the masks that the code under test uses.
        var expected = new byte[1 << Declared];
        int wrong = 0;
        for (int flags = 1; flags < expected.Length; flags++)
        {
            CauseRule lowest = s_table.Rules[BitOperations.TrailingZeroCount(flags)];
            expected[flags] = Math.Max(expected[flags & (flags - 1)], (byte)lowest.Action);
        }
        for (int flags = 0; flags < expected.Length; flags++)
        {
            SafetyDecision decision = s_rules.Decide((SafetyCauses)flags, default, 5, source);
            wrong += (byte)decision.Action == expected[flags] && decision.Causes == (SafetyCauses)flags ? 0 : 1;
        }
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Rules_EveryDeclaredCause_HasARowOfItsOwnAndOneBit()
    {
        SafetyCauses[] declared = [.. Enum.GetValues<SafetyCauses>().Where(c => c != SafetyCauses.None)];
        Assert.Equal(Declared, declared.Length);
        for (int i = 0; i < Declared; i++)
        {
            Assert.Contains((SafetyCauses)(1u << i), declared);
            Assert.Equal((SafetyCauses)(1u << i), s_table.Rules[i].Cause);
            Assert.NotEqual(SafetyAction.Nominal, s_table.Rules[i].Action);
        }
    }

    [Fact]
    public void Decide_MemoryOfTwoCauses_IsTheUnionOfTheMemoriesOfEach()
    {
        for (int i = 0; i < 32; i++)
        {
            for (int j = 0; j < 32; j++)
            {
                for (int combination = 0; combination < 16; combination++)
                {
                    SafetyCauses flagI = Bit(i, combination & 1);
                    SafetyCauses flagJ = Bit(j, combination & 2);
                    SafetyState memoryI = Memory(Bit(i, combination & 4));
                    SafetyState memoryJ = Memory(Bit(j, combination & 8));
                    SafetyState both = memoryI with { Dwelling = memoryI.Dwelling | memoryJ.Dwelling, Latched = memoryI.Latched | memoryJ.Latched };
                    SafetyState joint = s_rules.Decide(flagI | flagJ, both, 500, ActionSource.Policy).State;
                    SafetyState alone = s_rules.Decide(flagI, memoryI, 500, ActionSource.Policy).State;
                    SafetyState other = s_rules.Decide(flagJ, memoryJ, 500, ActionSource.Policy).State;
                    Assert.Equal(alone.Latched | other.Latched, joint.Latched);
                    Assert.Equal(alone.Dwelling | other.Dwelling, joint.Dwelling);
                }
            }
        }
    }

    [Fact]
    public void Decide_EveryCauseWithMemory_HoldsExactlyAsItsRowSays()
    {
        foreach (CauseRule rule in s_table.Rules.Take(Declared))
        {
            SafetyState state = s_rules.Decide(rule.Cause, default, 100, ActionSource.Policy).State;
            SafetyAction soon = s_rules.Decide(SafetyCauses.None, state, 200, ActionSource.Policy).Action;
            SafetyAction justBefore = s_rules.Decide(SafetyCauses.None, state, 99 + Dwell, ActionSource.Policy).Action;
            SafetyAction after = s_rules.Decide(SafetyCauses.None, state, 100 + Dwell, ActionSource.Policy).Action;
            SafetyAction held = rule.Clear == ClearCondition.AtOnce ? SafetyAction.Nominal : rule.Action;
            Assert.Equal(held, soon);
            Assert.Equal(held, justBefore);
            Assert.Equal(rule.Clear >= ClearCondition.EpisodeEnd ? rule.Action : SafetyAction.Nominal, after);
            SafetyState disarmed = s_rules.AfterDisarm(state);
            Assert.Equal(rule.Clear == ClearCondition.Restart, disarmed.Held != SafetyCauses.None);
            SafetyState episode = s_rules.AfterEpisode(state, teleported: true);
            Assert.Equal(rule.Clear >= ClearCondition.ReArm, episode.Held != SafetyCauses.None);
        }
    }

    [Fact]
    public void Decide_HumanTakesOver_OnlyUnderCausesThatSpeakOfThePolicy()
    {
        foreach (CauseRule rule in s_table.Rules.Take(Declared).Where(r => r.Clear != ClearCondition.AtOnce))
        {
            SafetyState state = s_rules.Decide(rule.Cause, default, 100, ActionSource.Policy).State;
            SafetyAction human = s_rules.Decide(SafetyCauses.None, state, 200, ActionSource.Human).Action;
            Assert.Equal(rule.Takeover == Takeover.Human ? SafetyAction.Nominal : rule.Action, human);
        }
    }

    [Fact]
    public void Decide_FourthTripOfAnEpisode_HoldsUntilTheEpisodeEnds()
    {
        SafetyState state = default;
        long now = 0;
        for (int trip = 0; trip < 4; trip++)
        {
            state = s_rules.Decide(SafetyCauses.Cage, state, now, ActionSource.Policy).State;
            now += Dwell;
            state = s_rules.Decide(SafetyCauses.None, state, now, ActionSource.Policy).State;
        }
        Assert.Equal(SafetyAction.Baseline, s_rules.Decide(SafetyCauses.None, state, now + (100 * Dwell), ActionSource.Policy).Action);
        Assert.Equal(SafetyAction.Nominal, s_rules.Decide(SafetyCauses.None, s_rules.AfterEpisode(state, false), now, ActionSource.Policy).Action);
    }

    [Fact]
    public void Read_Reactions_MayOnlyBeStronger()
    {
        var document = Configuration.ConfigDocument.Parse("reactions: {cage: power_cut, tilt: warn}\n", "robot.yaml");
        CauseTable table = CauseTable.Read(document.Root.Map("reactions"));
        Assert.Equal(SafetyAction.PowerCut, table.ActionOf(SafetyCauses.Cage));
        Assert.Contains("reactions.tilt: 'warn' is not one of baseline", Assert.Throws<Configuration.ConfigurationException>(document.ThrowIfBad).Message, StringComparison.Ordinal);
    }

    private static SafetyCauses Bit(int i, int set) => set != 0 ? (SafetyCauses)(1u << i) : SafetyCauses.None;

    private static SafetyState Memory(SafetyCauses held) =>
        new(held & s_table.ClearAfterDwell, held & ~(s_table.ClearAtOnce | s_table.ClearAfterDwell), 100, 0);
}
