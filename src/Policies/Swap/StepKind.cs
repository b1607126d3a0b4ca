namespace Robotics.Policies;

/// <summary>What a call of the two-rate executor did.</summary>
public enum StepKind : byte
{
    /// <summary>Nothing: the call was refused.</summary>
    None = 0,

    /// <summary>A step at the rate the policy was trained at: the recurrent state advanced.</summary>
    Native = 1,

    /// <summary>A step in between, on a copy of the recurrent state.</summary>
    Intermediate = 2,
}
