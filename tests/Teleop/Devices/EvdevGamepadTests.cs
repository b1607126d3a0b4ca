using static Robotics.Teleop.Tests.Devices.EvdevRecording;

namespace Robotics.Teleop.Tests.Devices;

public sealed class EvdevGamepadTests
{
    private const ushort AbsY = 1, AbsHat0X = 0x10, ButtonSouth = 0x130, ButtonTr = 0x137;

    [Fact]
    public void Poll_RecordedPacket_CountsWhenItsReportArrives()
    {
        var stream = new RecordedStream(Join(Event(Absolute, AbsY, -32767), Event(Key, ButtonTr, 1)));
        using var pad = new EvdevGamepad(stream);
        pad.Poll(0);
        Assert.Equal(0, pad.Axis(Axis(pad, "ABS_Y")));
        stream.Add(Report());
        pad.Poll(0);
        Assert.Equal(-1, pad.Axis(Axis(pad, "ABS_Y")));
        Assert.True(pad.IsHeld(Button(pad, "BTN_TR")));
    }

    // The kernel's bytes may be cut anywhere: every cut of the same recording gives the same state.
    [Fact]
    public void Poll_RecordingCutAtEveryByte_GivesTheSameState()
    {
        byte[] recording = Join(Event(Absolute, AbsY, 16384), Event(Key, ButtonSouth, 1), Report(), Event(Key, ButtonSouth, 0), Event(Absolute, AbsHat0X, 1), Report());
        for (int cut = 0; cut <= recording.Length; cut++)
        {
            using var pad = new EvdevGamepad(new RecordedStream(recording[..cut], recording[cut..]));
            pad.Poll(0);
            pad.Poll(0);
            Assert.Equal(0.5f, pad.Axis(Axis(pad, "ABS_Y")), 1e-3f);
            Assert.Equal(1, pad.Axis(Axis(pad, "ABS_HAT0X")));
            Assert.False(pad.IsHeld(Button(pad, "BTN_SOUTH")));
            Assert.Equal(1u, pad.Presses(Button(pad, "BTN_SOUTH"))); // down and up between two polls is a press all the same
        }
    }

    [Fact]
    public void Poll_SynDropped_IgnoresUpToTheNextReportAndAsksTheDeviceAnew()
    {
        var node = new Node(Join(Event(Key, ButtonTr, 1), Event(Absolute, AbsY, 255), Report()))
        {
            Keys = [ButtonTr],
            Y = 255,
        };
        using var pad = new EvdevGamepad(node);
        pad.Poll(0);
        Assert.True(pad.IsHeld(Button(pad, "BTN_TR")));
        Assert.Equal(1, pad.Axis(Axis(pad, "ABS_Y"))); // range 0..255 as the node told
        node.Keys = [ButtonSouth]; // what really is: TR was let go, SOUTH pressed, and the kernel lost both events
        node.Y = 0;
        node.Add(Join(Event(Key, ButtonTr, 1), Dropped(), Event(Absolute, AbsY, 200), Event(Key, ButtonTr, 1), Report()));
        pad.Poll(0);
        Assert.Equal(1, pad.Drops);
        Assert.False(pad.IsHeld(Button(pad, "BTN_TR")));
        Assert.True(pad.IsHeld(Button(pad, "BTN_SOUTH")));
        Assert.Equal(-1, pad.Axis(Axis(pad, "ABS_Y")));
        node.Add(Join(Event(Absolute, AbsY, 255), Report()));
        pad.Poll(0);
        Assert.Equal(1, pad.Axis(Axis(pad, "ABS_Y")));
    }

    [Fact]
    public void Poll_SynDroppedOnARecording_ReleasesEverything()
    {
        using var pad = new EvdevGamepad(new RecordedStream(Join(Event(Key, ButtonTr, 1), Report(), Dropped(), Event(Key, ButtonSouth, 1), Report())));
        pad.Poll(0);
        Assert.False(pad.IsHeld(Button(pad, "BTN_TR")));
        Assert.False(pad.IsHeld(Button(pad, "BTN_SOUTH")));
    }

    [Fact]
    public void Poll_DeviceGone_ReleasesEverythingAndSaysSo()
    {
        using var pad = new EvdevGamepad(new RecordedStream(Join(Event(Key, ButtonTr, 1), Report())) { Ends = true });
        pad.Poll(0);
        Assert.False(pad.IsPresent);
        Assert.False(pad.IsHeld(Button(pad, "BTN_TR")));
        Assert.Contains("has gone", pad.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Poll_RandomBytes_NeverThrowsAndStaysInRange()
    {
        var random = new SeededRandom(1, "evdev");
        var stream = new RecordedStream();
        using var pad = new EvdevGamepad(stream);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = new byte[1 + random.NextInt(600)];
            for (int j = 0; j < bytes.Length; j++)
                bytes[j] = (byte)(random.NextInt(4) == 0 ? random.NextInt(256) : random.NextInt(4));
            stream.Add(bytes);
            pad.Poll(i);
            for (int a = 0; a < pad.AxisNames.Count; a++)
                Assert.InRange(pad.Axis(a), -1f, 1f);
        }
    }

    internal static int Axis(InputDevice device, string name) => device.AxisNames.ToList().IndexOf(name);

    internal static int Button(InputDevice device, string name) => device.ButtonNames.ToList().IndexOf(name);

    /// <summary>A recording that also answers the ioctls.</summary>
    private sealed class Node(byte[] first) : IDeviceStream, IEvdevQuery
    {
        private readonly RecordedStream _stream = new(first);

        public ushort[] Keys { get; set; } = [];

        public int Y { get; set; }

        public string Name => "node";

        public void Add(byte[] bytes) => _stream.Add(bytes);

        public int Read(Span<byte> buffer) => _stream.Read(buffer);

        public bool TryAxisRange(int code, out int minimum, out int maximum, out int value)
        {
            (minimum, maximum, value) = (0, 255, code == AbsY ? Y : 128);
            return true;
        }

        public bool TryKeys(Span<byte> bits)
        {
            foreach (ushort key in Keys)
                bits[key / 8] |= (byte)(1 << (key % 8));
            return true;
        }

        public void Dispose() => _stream.Dispose();
    }
}
