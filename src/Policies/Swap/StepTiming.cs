namespace Robotics.Policies;

/// <summary>How well the steps of a policy keep time: of the last 100 intervals, against the expected one (facts of the published executor: band 0.8 to 1.2).</summary>
[Flags]
public enum StepTiming : byte
{
    /// <summary>All within the band.</summary>
    None = 0,

    /// <summary>An interval between two native steps was outside the band.</summary>
    NativeJitter = 1,

    /// <summary>The mean of the intervals between native steps is outside the band.</summary>
    NativeBias = 2,

    /// <summary>As <see cref="NativeJitter"/>, of the intervals between all steps. Only where steps in between are made.</summary>
    StepJitter = 4,

    /// <summary>As <see cref="NativeBias"/>, of the intervals between all steps. Only where steps in between are made.</summary>
    StepBias = 8,
}
