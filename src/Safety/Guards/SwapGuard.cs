using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Watches a freshly swapped policy and asks for a rollback where it trips within its probation (R28).</summary>
/// <remarks>Control thread, once per tick after the filter. Allocates nothing.</remarks>
public sealed class SwapGuard
{
    private readonly long _probationNs;
    private long _swappedNs = long.MinValue;

    /// <summary>A guard with a probation of <paramref name="probationNs"/> (R28: 1 s).</summary>
    public SwapGuard(long probationNs = 1_000_000_000) => _probationNs = probationNs;

    /// <summary>Rollbacks asked for.</summary>
    public long Rollbacks { get; private set; }

    /// <summary>A policy was swapped in at <paramref name="nowNs"/>.</summary>
    public void OnSwap(long nowNs) => _swappedNs = nowNs;

    /// <summary>True once where the policy before must come back: the new one had authority lost while on probation.</summary>
    public bool ShouldRollBack(SafetyAction action, long nowNs)
    {
        if (_swappedNs == long.MinValue)
            return false;
        bool onProbation = nowNs - _swappedNs <= _probationNs;
        bool tripped = onProbation && action >= SafetyAction.Baseline;
        if (tripped || !onProbation)
            _swappedNs = long.MinValue;
        Rollbacks += tripped ? 1 : 0;
        return tripped;
    }
}
