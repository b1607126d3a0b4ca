namespace Robotics.Tasks;

/// <summary>A reward term bound to rows of the state (or of the action) instead of to places in the privileged observation.</summary>
/// <remarks>A scaled observation is unscaled again by the single form; here the raw channel is read, so the target is in its own unit.</remarks>
internal readonly struct BoundTerm
{
    public readonly bool OfAction;
    public readonly bool OfRotation;
    public readonly int[] Rows;
    public readonly float[] Target;
    public readonly RewardShape Shape;
    public readonly float RadiusSquared;

    public BoundTerm(RewardTerm term, Feature? feature)
    {
        OfAction = term.OfAction;
        OfRotation = term.OfRotation;
        Rows = feature is null ? [.. Enumerable.Range(0, term.Length)] : feature.Indices;
        Target = new float[Rows.Length];
        for (int i = 0; i < Rows.Length && !OfRotation; i++)
            Target[i] = feature is null ? term.Target[i] : ((term.Target[i] - feature.Offset[i]) * term.Unscale[i]) + feature.Target[i];
        Shape = term.Shape;
        RadiusSquared = term.Radius * term.Radius;
    }
}
