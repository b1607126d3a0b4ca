using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The decision function: pure, total, with time as an argument.</summary>
/// <remarks>
/// <para>Form of PX4's failsafe framework (commander/failsafe): declarative rules, a total order of actions, injected time. Per cause
/// i with flag f, memory m: in force = f ∨ m; action = max over causes in force of table[i].Action. No cause influences another but for
/// two shared scalars: all dwelling causes share one timer (the last of them to be seen restarts it), and they share one count of returns.</para>
/// <para>Because the memory lives in <see cref="SafetyState"/>, the same function serves the control tick, tests over every flag
/// combination, and a browser.</para>
/// </remarks>
public sealed class DecisionRules
{
    private readonly CauseTable _table;
    private readonly long _dwellNs;
    private readonly int _maxReturns;

    /// <summary>Decisions by <paramref name="table"/>; dwelling causes hold for <paramref name="dwellNs"/>, and after <paramref name="maxReturns"/> returns per episode they latch until its end.</summary>
    public DecisionRules(CauseTable table, long dwellNs, int maxReturns)
    {
        _table = table ?? throw new ArgumentNullException(nameof(table));
        _dwellNs = dwellNs;
        _maxReturns = maxReturns;
    }

    /// <summary>The cause table in force.</summary>
    public CauseTable Table => _table;

    /// <summary>Decides for one tick.</summary>
    /// <param name="flags">Conditions seen in this tick.</param>
    /// <param name="state">Memory of the tick before.</param>
    /// <param name="nowNs">Time of this tick; never before the last one's.</param>
    /// <param name="source">Who proposes in this tick.</param>
    public SafetyDecision Decide(SafetyCauses flags, in SafetyState state, long nowNs, ActionSource source)
    {
        SafetyState next = Remember(flags, state, nowNs);
        SafetyCauses inForce = flags | next.Held;
        SafetyCauses acting = source == ActionSource.Human ? flags | (next.Held & ~_table.HumanMayTakeOver) : inForce;
        return new SafetyDecision(_table.ActionOf(acting), inForce, next);
    }

    /// <summary>What an episode's end clears; latches that need a person stay.</summary>
    /// <param name="state">Memory so far.</param>
    /// <param name="teleported">True where the robot was put elsewhere (a simulator): what was seen before says nothing any more.</param>
    public SafetyState AfterEpisode(in SafetyState state, bool teleported) =>
        new(teleported ? SafetyCauses.None : state.Dwelling, state.Latched & (_table.ClearAtReArm | _table.ClearNever), state.LastRaisedNs, 0);

    /// <summary>What a person's disarming clears.</summary>
    public SafetyState AfterDisarm(in SafetyState state) => new(SafetyCauses.None, state.Latched & _table.ClearNever, state.LastRaisedNs, 0);

    private SafetyState Remember(SafetyCauses flags, in SafetyState state, long nowNs)
    {
        SafetyCauses latched = state.Latched | (flags & ~(_table.ClearAtOnce | _table.ClearAfterDwell));
        SafetyCauses raised = flags & _table.ClearAfterDwell;
        if (raised != SafetyCauses.None)
        {
            SafetyCauses spent = state.Returns >= _maxReturns ? raised : SafetyCauses.None; // flapping: no more retries in this episode
            return new SafetyState(state.Dwelling | raised, latched | spent, nowNs, state.Returns);
        }
        if (state.Dwelling != SafetyCauses.None && nowNs - state.LastRaisedNs >= _dwellNs)
            return new SafetyState(SafetyCauses.None, latched, state.LastRaisedNs, state.Returns + 1);
        return state with { Latched = latched };
    }
}
