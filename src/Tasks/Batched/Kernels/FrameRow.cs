namespace Robotics.Tasks;

/// <summary>One row of an observation: (x - target) * scale + offset.</summary>
internal readonly struct FrameRow
{
    public readonly int From;
    public readonly int To;
    public readonly float Target;
    public readonly float Scale;
    public readonly float Offset;

    /// <summary>Value <paramref name="index"/> of a feature that is no rotation matrix.</summary>
    public FrameRow(Feature f, int index)
    {
        (From, To) = (f.Indices[index], f.Start + index);
        (Target, Scale, Offset) = (f.Target[index], f.Scale[index], f.Offset[index]);
    }
}
