namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>The driver's border between the autopilot's frames (north-east-down world, forward-right-down body) and REP-103.</summary>
/// <remarks>Our local world is north-west-up: x north, y west, z up. Both conversions are the half turn about x, so they are their
/// own inverses and the same for world and body: (x, y, z) to (x, -y, -z), quaternion (w, x, y, z) to (w, x, -y, -z).</remarks>
internal static class NedFrames
{
    /// <summary>Flips the sign of y and z in place, either way.</summary>
    public static void Flip(Span<float> xyz)
    {
        xyz[1] = -xyz[1];
        xyz[2] = -xyz[2];
    }
}
