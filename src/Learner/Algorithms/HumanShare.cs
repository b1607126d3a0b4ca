namespace Robotics.Learner;

/// <summary>Which steps that a person drove are kept in a memory of their own.</summary>
public enum HumanShare
{
    /// <summary>None: they are learnt from like any other step.</summary>
    None,

    /// <summary>Episodes that a person drove from beginning to end (RLPD's prior data).</summary>
    Demonstrations,

    /// <summary>Every step a person drove (HIL-SERL's intervention buffer, HG-DAgger's data).</summary>
    Everything,
}
