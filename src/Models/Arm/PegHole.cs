using Robotics.Configuration;

namespace Robotics.Models;

/// <summary>A keyed peg over a hole in a plate: kinematic contact without forces.</summary>
/// <remarks>
/// The plate's surface is z = 0. The peg's tip goes below it only where its lateral error is within the clearance and its yaw within the
/// key's; anywhere else it stops at the surface, along which it slides freely. Inside the hole its lateral error and yaw are held within the
/// clearance by the walls, and it stops at the bottom. No chamfer: 1 mm is 1 mm. Immutable; any thread; allocates nothing.
/// </remarks>
/// <param name="Clearance">Lateral error at which the peg enters, m.</param>
/// <param name="YawClearance">Yaw error at which it enters, rad.</param>
/// <param name="Depth">Depth of the hole, m.</param>
public sealed record PegHole(double Clearance, double YawClearance, double Depth)
{
    /// <summary>Reads the <c>workpiece</c> section; problems go to its document.</summary>
    public static PegHole Read(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new PegHole(
            map.Number("clearance_m", 1e-6, 0.1), map.Number("yaw_clearance_rad", 1e-4, Math.PI), map.Number("depth_m", 1e-4, 1));
    }

    /// <summary>Moves the tip from <paramref name="from"/> towards <paramref name="to"/> as far as plate and hole let it.</summary>
    /// <param name="from">Where it is, a place that is possible.</param>
    /// <param name="to">Where it is driven to; replaced by where it gets.</param>
    /// <param name="hole">Centre and yaw of the hole, base frame.</param>
    /// <returns>True where plate, wall or bottom held it back.</returns>
    public bool Resolve(ToolPose from, ref ToolPose to, ToolPose hole)
    {
        if (from.Z >= 0 && to.Z >= 0)
            return false;
        double dx = to.X - hole.X, dy = to.Y - hole.Y, turn = to.Yaw - hole.Yaw;
        double lateral = Math.Sqrt((dx * dx) + (dy * dy));
        bool fits = lateral <= Clearance && Math.Abs(turn) <= YawClearance;
        if (from.Z >= 0 && !fits)
        {
            to.Z = 0;
            return true;
        }
        bool held = !fits || to.Z < -Depth;
        if (lateral > Clearance)
            (to.X, to.Y) = (hole.X + (dx * Clearance / lateral), hole.Y + (dy * Clearance / lateral));
        to.Yaw = hole.Yaw + Math.Clamp(turn, -YawClearance, YawClearance);
        to.Z = Math.Max(to.Z, -Depth);
        return held;
    }
}
