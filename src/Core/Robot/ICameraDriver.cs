namespace Robotics.Core;

/// <summary>A robot that sees: a driver with cameras implements it beside <see cref="IRobotDriver"/>.</summary>
/// <remarks>Called by the control thread alone, once in each policy step, right after the sample was read; never blocks, allocates, locks or logs. A driver
/// whose images arrive on a thread of their own hands out the newest whole set.</remarks>
public interface ICameraDriver
{
    /// <summary>Bytes of the images of all cameras together; 0 for none. Fixed at construction.</summary>
    int ImageBytes { get; }

    /// <summary>Copies the newest image of each camera to <paramref name="images"/>, in the order of robot.yaml.</summary>
    /// <param name="images">Shape [<see cref="ImageBytes"/>]: per camera [height, width, 3], 8-bit red, green, blue, top row first.</param>
    void ReadImages(Span<byte> images);
}
