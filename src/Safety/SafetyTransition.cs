using Robotics.Core;

namespace Robotics.Safety;

/// <summary>One change of what the supervisor does, logged once (invariant I4).</summary>
/// <param name="Tick">Control tick, from 1.</param>
/// <param name="TimeNs">Time of the tick.</param>
/// <param name="From">Action before.</param>
/// <param name="To">Action now.</param>
/// <param name="Causes">Causes in force now.</param>
/// <param name="Authority">Who commands now.</param>
/// <param name="Policy">The policy that proposed in this tick.</param>
public readonly record struct SafetyTransition(
    long Tick, long TimeNs, SafetyAction From, SafetyAction To, SafetyCauses Causes, ActionSource Authority, PolicyIdentity Policy);
