using Robotics.Configuration;
using Robotics.Models;

namespace Robotics.Drivers;

/// <summary>A pinhole camera under a simulated robot, looking down along its body's -z at a chequered floor under a grey sky.</summary>
/// <remarks>Not for training policies that see: for whatever carries, stores and shows images. What it sees is a function of the robot's pose alone.</remarks>
/// <param name="Width">Columns, pixels; the image's x is the body's -y.</param>
/// <param name="Height">Rows, pixels; the first row looks furthest ahead (body +x).</param>
public sealed record SimulatedCamera(int Width, int Height)
{
    private const double FloorM = -3; // height of the floor: that of the simulated robots' cage
    private const double TileM = 0.25;
    private const byte Sky = 160;

    /// <summary>Bytes of one image.</summary>
    public int Bytes => Width * Height * 3;

    /// <summary>Reads the list <c>cameras</c> of a simulated robot's <c>driver</c> section; empty where there is none.</summary>
    public static IReadOnlyList<SimulatedCamera> ReadAll(ConfigMap driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var cameras = new List<SimulatedCamera>();
        foreach (ConfigMap map in driver.Maps("cameras", required: false))
        {
            map.String("name");
            cameras.Add(new SimulatedCamera((int)map.Integer("width", 1, 1024), (int)map.Integer("height", 1, 1024)));
        }
        return cameras;
    }

    /// <summary>Draws what is seen from a pose. Field of view 90 degrees across the width. Allocates nothing.</summary>
    /// <param name="position">Of the camera, m, world frame.</param>
    /// <param name="orientation">Body to world.</param>
    /// <param name="image">Shape [<see cref="Height"/>, <see cref="Width"/>, 3].</param>
    public void Draw(Vector3<double> position, Quaternion<double> orientation, Span<byte> image)
    {
        Vector3<double> right = orientation.Rotate(new(0, -2.0 / Width, 0));
        Vector3<double> back = orientation.Rotate(new(-2.0 / Width, 0, 0));
        Vector3<double> centre = orientation.Rotate(new(0, 0, -1));
        int at = 0;
        for (int row = 0; row < Height; row++)
        {
            Vector3<double> ray = centre + ((row - (0.5 * (Height - 1))) * back) + (-0.5 * (Width - 1) * right);
            for (int column = 0; column < Width; column++, ray += right, at += 3)
                Paint(position, ray, image.Slice(at, 3));
        }
    }

    private static void Paint(Vector3<double> eye, Vector3<double> ray, Span<byte> pixel)
    {
        double distance = (FloorM - eye.Z) / ray.Z;
        if (ray.Z >= 0 || distance <= 0)
        {
            pixel.Fill(Sky);
            return;
        }
        int x = Tile(eye.X + (distance * ray.X)), y = Tile(eye.Y + (distance * ray.Y));
        bool dark = ((x ^ y) & 1) != 0;
        pixel[0] = (byte)(dark ? 30 : 220);
        pixel[1] = (byte)(x * 16); // the tile's place, so that no two look alike nearby
        pixel[2] = (byte)(y * 16);
    }

    private static int Tile(double metres) => (int)Math.Clamp(Math.Floor(metres / TileM), int.MinValue, int.MaxValue);
}
