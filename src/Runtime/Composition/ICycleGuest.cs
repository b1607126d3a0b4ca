using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Composition;

/// <summary>Something that the control process hosts beside its loop: a node that publishes the state, a recorder.</summary>
/// <remarks>Called on the control thread after each tick: neither blocks, allocates nor locks. An exception makes the baseline fly.</remarks>
public interface ICycleGuest
{
    /// <summary>A period is over.</summary>
    void OnPeriod(ControlStatus status);
}
