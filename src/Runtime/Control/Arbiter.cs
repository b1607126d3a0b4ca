using Robotics.Core;

namespace Robotics.Runtime.Control;

/// <summary>Chooses whose proposal is filtered: the first source, in declared order, that has one; then the policy. Never an average.</summary>
/// <remarks>Control thread only. Outside sources come first (a person before an outside policy); where none proposes in time the built-in
/// policy's proposal stands, and where there is none either, the supervisor's baseline acts.</remarks>
public sealed class Arbiter(IReadOnlyList<IProposalSource> outside, int commandLength)
{
    private readonly IProposalSource[] _outside = [.. outside];
    private readonly Proposal _fromOutside = new(commandLength);

    /// <summary>The proposal to filter in this tick.</summary>
    public Proposal Choose(Proposal policy, SensorSample sample, long nowNs)
    {
        foreach (IProposalSource source in _outside)
        {
            _fromOutside.Clear();
            if (source.TryPropose(nowNs, sample, _fromOutside) && nowNs <= _fromOutside.DeadlineNs)
                return _fromOutside;
        }
        return policy;
    }
}
