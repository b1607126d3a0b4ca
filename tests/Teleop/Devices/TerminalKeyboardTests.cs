using System.Text;

namespace Robotics.Teleop.Tests.Devices;

public sealed class TerminalKeyboardTests
{
    private const long Ms = 1_000_000;

    private static int Axis(InputDevice device, string name) => EvdevGamepadTests.Axis(device, name);

    [Fact]
    public void Poll_KeyThatStopsRepeating_DiesAwayWithin300Ms()
    {
        var stream = new RecordedStream("w"u8.ToArray());
        using var keys = new TerminalKeyboard(stream);
        keys.Poll(0);
        Assert.Equal(1, keys.Axis(Axis(keys, "w/s")));
        keys.Poll(150 * Ms);
        Assert.Equal(1, keys.Axis(Axis(keys, "w/s")));
        keys.Poll(225 * Ms);
        Assert.Equal(0.5f, keys.Axis(Axis(keys, "w/s")), 1e-5f);
        stream.Add("w"u8.ToArray());
        keys.Poll(230 * Ms); // the repeat brings it back
        Assert.Equal(1, keys.Axis(Axis(keys, "w/s")));
        keys.Poll(530 * Ms);
        Assert.Equal(0, keys.Axis(Axis(keys, "w/s")));
        Assert.False(keys.IsHeld(EvdevGamepadTests.Button(keys, "w")));
    }

    [Fact]
    public void Poll_Space_StopsEveryMotionAtOnce()
    {
        var stream = new RecordedStream("wda"u8.ToArray());
        using var keys = new TerminalKeyboard(stream);
        keys.Poll(0);
        stream.Add(" "u8.ToArray());
        keys.Poll(10 * Ms);
        for (int i = 0; i < keys.AxisNames.Count; i++)
            Assert.Equal(0, keys.Axis(i));
        Assert.Equal(1u, keys.Presses(EvdevGamepadTests.Button(keys, "space")));
    }

    [Fact]
    public void Poll_ArrowsAndEscape_AreToldApartWhereverTheSequenceIsCut()
    {
        byte[] up = Encoding.ASCII.GetBytes("\e[A");
        using var whole = new TerminalKeyboard(new RecordedStream(up));
        whole.Poll(0);
        Assert.Equal(1, whole.Axis(Axis(whole, "up/down")));
        Assert.Equal(0u, whole.Presses(EvdevGamepadTests.Button(whole, "escape")));
        using var lone = new TerminalKeyboard(new RecordedStream("\e"u8.ToArray()));
        lone.Poll(0);
        Assert.Equal(1u, lone.Presses(EvdevGamepadTests.Button(lone, "escape")));
    }
}
