using System.Numerics;
using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>One rule per cause. A robot may make a reaction stronger, never weaker, than the standard table.</summary>
/// <remarks>Immutable; the masks are derived once so that a decision is a few bit operations. Rationale of each row: docs/safety.md.</remarks>
public sealed class CauseTable
{
    private const int CauseCount = 32;
    private readonly CauseRule[] _rules = new CauseRule[CauseCount];
    private readonly SafetyCauses[] _byAction = new SafetyCauses[(int)SafetyAction.PowerCut + 1];

    /// <summary>A table of <paramref name="rules"/>; causes without a rule latch at <see cref="SafetyAction.ControlledStop"/>.</summary>
    public CauseTable(IEnumerable<CauseRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        for (int i = 0; i < CauseCount; i++)
            _rules[i] = new((SafetyCauses)(1u << i), SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody);
        foreach (CauseRule rule in rules)
            _rules[BitOperations.TrailingZeroCount((uint)rule.Cause)] = rule;
        foreach (CauseRule rule in _rules)
            Sort(rule);
    }

    /// <summary>The rules of docs/safety.md.</summary>
    public static CauseTable Standard { get; } =
        new([
            new(SafetyCauses.StaleSample, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.NonFiniteSample, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.DriverFault, SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.NonFiniteProposal, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Human),
            new(SafetyCauses.MissingProposal, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Human),
            new(SafetyCauses.Envelope, SafetyAction.Clamp, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.Rate, SafetyAction.Clamp, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.Tilt, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.Cage, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.EmergencyStop, SafetyAction.PowerCut, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.Disarmed, SafetyAction.PowerCut, ClearCondition.AtOnce, Takeover.Nobody),
            new(SafetyCauses.NoPolicy, SafetyAction.Baseline, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.InternalFault, SafetyAction.Baseline, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.Overrun, SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.ClampShare, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Human),
            new(SafetyCauses.StuckSensor, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.SampleTime, SafetyAction.Warn, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.LeaseExpired, SafetyAction.ControlledStop, ClearCondition.AfterDwell, Takeover.Human),
            new(SafetyCauses.BaselineFault, SafetyAction.SoftLimp, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.RecorderFull, SafetyAction.Warn, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.DeviceMismatch, SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.LateProposal, SafetyAction.Baseline, ClearCondition.AtOnce, Takeover.Human),
            new(SafetyCauses.Watchdog, SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody),
            new(SafetyCauses.Speed, SafetyAction.Baseline, ClearCondition.AfterDwell, Takeover.Nobody),
            new(SafetyCauses.Shutdown, SafetyAction.ControlledStop, ClearCondition.ReArm, Takeover.Nobody),
        ]);

    /// <summary>The rules, index = bit number of the cause.</summary>
    public IReadOnlyList<CauseRule> Rules => _rules;

    /// <summary>Causes that clear with their condition.</summary>
    public SafetyCauses ClearAtOnce { get; private set; }

    /// <summary>Causes that hold for the dwell time.</summary>
    public SafetyCauses ClearAfterDwell { get; private set; }

    /// <summary>Causes that hold until the episode ends.</summary>
    public SafetyCauses ClearAtEpisodeEnd { get; private set; }

    /// <summary>Causes that hold until a person disarms.</summary>
    public SafetyCauses ClearAtReArm { get; private set; }

    /// <summary>Causes that hold until the process ends.</summary>
    public SafetyCauses ClearNever { get; private set; }

    /// <summary>Causes under which a person may command.</summary>
    public SafetyCauses HumanMayTakeOver { get; private set; }

    /// <summary>The strongest action among <paramref name="causes"/>.</summary>
    public SafetyAction ActionOf(SafetyCauses causes)
    {
        for (int action = (int)SafetyAction.PowerCut; action > 0; action--)
        {
            if ((causes & _byAction[action]) != 0)
                return (SafetyAction)action;
        }
        return SafetyAction.Nominal;
    }

    /// <summary>The standard table with the stronger reactions of the optional <c>reactions</c> section, for example <c>cage: controlled_stop</c>.</summary>
    public static CauseTable Read(ConfigMap? reactions)
    {
        if (reactions is null)
            return Standard;
        CauseRule[] rules = [.. Standard._rules];
        foreach (string key in reactions.Keys.ToArray())
        {
            int bit = Array.FindIndex(rules, r => string.Equals(SafetyNames.Of(r.Cause), key, StringComparison.Ordinal));
            if (bit < 0)
                continue; // stays unknown, so the document reports it with the nearest known key
            SafetyAction least = rules[bit].Action;
            string[] allowed = [.. Enum.GetValues<SafetyAction>().Where(a => a >= least).Select(SafetyNames.Of)];
            string name = reactions.OneOf(key, allowed);
            rules[bit] = rules[bit] with { Action = Enum.GetValues<SafetyAction>().First(a => string.Equals(SafetyNames.Of(a), name, StringComparison.Ordinal)) };
        }
        return new CauseTable(rules);
    }

    private void Sort(CauseRule rule)
    {
        _byAction[(int)rule.Action] |= rule.Cause;
        ClearAtOnce |= rule.Clear == ClearCondition.AtOnce ? rule.Cause : 0;
        ClearAfterDwell |= rule.Clear == ClearCondition.AfterDwell ? rule.Cause : 0;
        ClearAtEpisodeEnd |= rule.Clear == ClearCondition.EpisodeEnd ? rule.Cause : 0;
        ClearAtReArm |= rule.Clear == ClearCondition.ReArm ? rule.Cause : 0;
        ClearNever |= rule.Clear == ClearCondition.Restart ? rule.Cause : 0;
        HumanMayTakeOver |= rule.Takeover == Takeover.Human ? rule.Cause : 0;
    }
}
