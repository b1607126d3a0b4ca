namespace Robotics.Tasks;

/// <summary>The scripted way to insert a peg: align 5 mm over the plate, then go straight down; lift where it is not aligned.</summary>
/// <remarks>A pure function of where the peg is relative to the hole. Proportional, so that it slows down before the mark. Gains and heights
/// are part of the frozen task: docs/tasks/insertion.md.</remarks>
public static class InsertionExpert
{
    private const double Gain = 0.6; // of the remaining way per step: fast, and without overshoot
    private const double HoverM = 0.005; // over the plate while it aligns
    private const double AlignedM = 0.0006; // of the 1 mm clearance
    private const double AlignedRad = 0.05; // of the 0.1 rad clearance
    private const double InsideM = -0.0005;

    /// <summary>Writes the action for a peg at (<paramref name="x"/>, <paramref name="y"/>, <paramref name="z"/>) m and
    /// <paramref name="yaw"/> rad from the hole: [x, y, z, yaw], each in [-1, 1], where a full action moves <paramref name="stepM"/> and turns
    /// <paramref name="stepRad"/> in one step.</summary>
    public static void Act(double x, double y, double z, double yaw, double stepM, double stepRad, Span<double> action)
    {
        bool inside = z < InsideM;
        bool aligned = Math.Sqrt((x * x) + (y * y)) < AlignedM && Math.Abs(yaw) < AlignedRad;
        action[0] = Math.Clamp(-Gain * x / stepM, -1, 1);
        action[1] = Math.Clamp(-Gain * y / stepM, -1, 1);
        action[2] = inside || aligned ? -Gain : Math.Clamp(-Gain * (z - HoverM) / stepM, -1, 1);
        action[3] = Math.Clamp(-Gain * yaw / stepRad, -1, 1);
    }
}
