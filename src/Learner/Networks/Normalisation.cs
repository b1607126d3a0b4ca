namespace Robotics.Learner.Networks;

/// <summary>What stands between a hidden layer's sum and its activation.</summary>
public enum Normalisation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Layer normalisation without gain and shift (stream-AC).</summary>
    Plain,

    /// <summary>Layer normalisation with a learnt gain and shift per unit (RLPD's critics).</summary>
    Affine,
}
