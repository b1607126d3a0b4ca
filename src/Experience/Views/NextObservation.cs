namespace Robotics.Experience;

/// <summary>Where the observation after a step is to be found.</summary>
public enum NextObservation
{
    /// <summary>Nowhere: the following record was dropped on the edge, or has not come yet. The step cannot be used for bootstrapping.</summary>
    Missing = 0,

    /// <summary>The frame of the following record.</summary>
    FollowingFrame = 1,

    /// <summary>The step's own final observation.</summary>
    OwnFinal = 2,
}
