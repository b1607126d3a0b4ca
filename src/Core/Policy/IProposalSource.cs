namespace Robotics.Core;

/// <summary>Somebody who may propose commands: a person, an outside policy. The arbiter asks its sources in their order.</summary>
/// <remarks>Called by the control thread; never blocks, allocates or throws.</remarks>
public interface IProposalSource
{
    /// <summary>Fills <paramref name="proposal"/> with the newest proposal valid at <paramref name="nowNs"/>.</summary>
    /// <returns>False where there is none (nobody there, too late, lease over): the next source is asked.</returns>
    bool TryPropose(long nowNs, SensorSample sample, Proposal proposal);
}
