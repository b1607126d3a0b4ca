namespace Robotics.Teleop.Tests.Devices;

public sealed class SpaceMouseTests
{
    // Report 1: x 350 (right), y -175 (away from the user), z 0; report 2: pitch, roll, yaw; report 3: the left button.
    private static readonly byte[] s_translation = [1, 0x5e, 0x01, 0x51, 0xff, 0, 0];
    private static readonly byte[] s_rotation = [2, 0, 0, 0, 0, 0xa2, 0xfe];
    private static readonly byte[] s_button = [3, 1, 0];

    [Fact]
    public void Poll_RecordedReports_GiveAxesInTheRobotsFrame()
    {
        using var mouse = new SpaceMouse(new RecordedStream(s_translation, s_rotation, s_button));
        mouse.Poll(0);
        Assert.Equal(0.5f, mouse.Axis(0), 1e-6f); // x forward: the puck was pushed away
        Assert.Equal(-1, mouse.Axis(1)); // y left: it was pushed right
        Assert.Equal(0, mouse.Axis(2));
        Assert.Equal(1, mouse.Axis(5)); // yaw to the left
        Assert.True(mouse.IsHeld(0));
        Assert.False(mouse.IsHeld(1));
    }

    [Fact]
    public void Poll_SixAxesInOneReport_ReadsBothHalves()
    {
        byte[] joint = [1, 0, 0, 0, 0, 0xa2, 0xfe, 0x5e, 0x01, 0, 0, 0, 0];
        using var mouse = new SpaceMouse(new RecordedStream(joint), sixAxesInOneReport: true);
        mouse.Poll(0);
        Assert.Equal(1, mouse.Axis(2)); // pulled up
        Assert.Equal(-1, mouse.Axis(4)); // pitch
    }

    [Fact]
    public void Poll_AnyBytes_NeverThrows()
    {
        var random = new SeededRandom(2, "hid");
        var stream = new RecordedStream();
        using var mouse = new SpaceMouse(stream);
        for (int i = 0; i < 5000; i++)
        {
            var bytes = new byte[1 + random.NextInt(64)];
            for (int j = 0; j < bytes.Length; j++)
                bytes[j] = (byte)random.NextInt(j == 0 ? 5 : 256);
            stream.Add(bytes);
            mouse.Poll(i);
        }
        Assert.True(mouse.Malformed > 100);
        Assert.InRange(mouse.Axis(0), -1f, 1f);
    }
}
