using Robotics.Core;

namespace Robotics.Safety;

/// <summary>What the supervisor does about one cause.</summary>
/// <param name="Cause">Exactly one bit.</param>
/// <param name="Action">Least action while the cause is in force.</param>
/// <param name="Clear">When it stops acting.</param>
/// <param name="Takeover">Who may command meanwhile.</param>
public readonly record struct CauseRule(SafetyCauses Cause, SafetyAction Action, ClearCondition Clear, Takeover Takeover);
