namespace Robotics.Tasks;

/// <summary>How a reward term turns a deviation d into a cost.</summary>
public enum RewardShape
{
    /// <summary>|d|², as the published hover recipe has it.</summary>
    Squared,

    /// <summary>|d|.</summary>
    Norm,

    /// <summary>1 where |d| is beyond the term's radius, else 0: a sparse reward.</summary>
    Outside,
}
