using Robotics.Core;

namespace Robotics.Runtime.Agent;

/// <summary>Keeps <see cref="PolicyAge"/>. Agent thread.</summary>
internal sealed class PolicyAgeMeter(long limitNs)
{
    private PolicyIdentity _announced;
    private long _announcedNs;
    private long _behindSinceNs;
    private long _behindSinceStep;
    private bool _isBehind;
    private long _appliedNs;
    private long _maxAppliedNs;
    private PolicyIdentity _inForce;

    public PolicyAge Age { get; private set; }

    /// <summary>A policy was announced at <paramref name="nowNs"/>, when <paramref name="steps"/> steps were recorded.</summary>
    public void Announce(PolicyIdentity policy, long nowNs, long steps)
    {
        if (policy == _announced)
            return;
        (_announced, _announcedNs) = (policy, nowNs);
        if (!_isBehind && policy != _inForce)
            (_isBehind, _behindSinceNs, _behindSinceStep) = (true, nowNs, steps);
    }

    /// <summary>What flies now.</summary>
    public void Follow(PolicyIdentity inForce, long nowNs, long steps)
    {
        if (inForce != _inForce)
            Take(inForce, nowNs, steps);
        Age = new PolicyAge(
            _announced, _isBehind ? nowNs - _behindSinceNs : 0, _isBehind ? steps - _behindSinceStep : 0, _appliedNs, _maxAppliedNs, limitNs);
    }

    private void Take(PolicyIdentity inForce, long nowNs, long steps)
    {
        _inForce = inForce;
        if (inForce == _announced)
        {
            _isBehind = false;
            _appliedNs = nowNs - _announcedNs;
            _maxAppliedNs = Math.Max(_maxAppliedNs, _appliedNs);
        }
        else if (_announced.IsSome)
        {
            // An earlier announcement came to power; only the newest is missing. After a rollback the same is true.
            (_isBehind, _behindSinceNs, _behindSinceStep) = (true, _announcedNs, steps);
        }
    }
}
