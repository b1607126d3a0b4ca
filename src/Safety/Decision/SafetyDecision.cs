using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The outcome of one decision.</summary>
/// <param name="Action">What the supervisor does in this tick.</param>
/// <param name="Causes">Every cause in force: raised now or held.</param>
/// <param name="State">What to remember for the next tick.</param>
public readonly record struct SafetyDecision(SafetyAction Action, SafetyCauses Causes, SafetyState State);
