using Robotics.Models;

namespace Robotics.Drivers.Tests;

public sealed class SimulatedCameraTests
{
    private static readonly SimulatedCamera Camera = new(64, 48);

    [Fact]
    public void Draw_Level_SeesTheFloorEverywhereAndTilesOfEqualSize()
    {
        byte[] image = Draw(new(0, 0, 0), Quaternion<double>.Identity);
        Assert.DoesNotContain((byte)160, Reds(image)); // no sky
        // 3 m above the floor, 90 degrees of view: 6 m across, 24 tiles of 0.25 m, so 23 or 24 edges in a row.
        byte[] row = [.. Reds(image).Take(64)];
        Assert.InRange(row.Zip(row.Skip(1)).Count(p => p.First != p.Second), 22, 25);
    }

    [Fact]
    public void Draw_UpsideDown_SeesTheSkyAlone() => Assert.All(Draw(new(0, 0, 0), new(0, 1, 0, 0)), b => Assert.Equal(160, b));

    [Fact]
    public void Draw_MovedByTwoTiles_LooksTheSameButForTheTilesNames()
    {
        byte[] here = [.. Reds(Draw(new(0.1, 0.1, 0), Quaternion<double>.Identity))], there = [.. Reds(Draw(new(0.6, 0.1, 0), Quaternion<double>.Identity))];
        Assert.Equal(here, there);
        Assert.NotEqual(Draw(new(0.1, 0.1, 0), Quaternion<double>.Identity), Draw(new(0.6, 0.1, 0), Quaternion<double>.Identity));
    }

    private static byte[] Draw(Vector3<double> position, Quaternion<double> orientation)
    {
        var image = new byte[Camera.Bytes];
        Camera.Draw(position, orientation, image);
        return image;
    }

    private static IEnumerable<byte> Reds(byte[] image) => image.Where((_, i) => i % 3 == 0);
}
