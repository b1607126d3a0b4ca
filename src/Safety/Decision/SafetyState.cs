using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Everything the decision function remembers from one tick to the next. <c>default</c> is the state after start.</summary>
/// <param name="Dwelling">Causes that hold although their condition may be gone: they clear together after the dwell time.</param>
/// <param name="Latched">Causes that hold until episode end, re-arming or restart.</param>
/// <param name="LastRaisedNs">When a dwelling cause's condition was last seen, ns.</param>
/// <param name="Returns">How often authority came back after a dwell in this episode.</param>
public readonly record struct SafetyState(SafetyCauses Dwelling, SafetyCauses Latched, long LastRaisedNs, int Returns)
{
    /// <summary>All causes that hold by memory.</summary>
    public SafetyCauses Held => Dwelling | Latched;
}
