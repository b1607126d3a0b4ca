using System.Buffers.Binary;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Msp;
using Robotics.Drivers.Serial.Radio;

namespace Robotics.Serial.Tests;

public sealed class RadioAndMspTests
{
    private const string AllMiddle = "c81816e0031ff8c0073ef0810f7ce0031ff8c0073ef0810f7cad";

    [Fact]
    public void Crsf_AllMiddle_IsTheGoldenFrameBothWays()
    {
        var frame = new byte[64];
        var us = new float[16];
        us.AsSpan().Fill(1500);
        Assert.Equal(AllMiddle, Convert.ToHexStringLower(frame.AsSpan(0, CrsfChannels.Write(frame, us))));
        us.AsSpan().Clear();
        Assert.True(CrsfChannels.TryRead(Convert.FromHexString(AllMiddle), us));
        Assert.All(us, v => Assert.Equal(1500, v));
    }

    [Fact]
    public void Crsf_EveryChannelItsOwnValue_RoundTrips()
    {
        float[] us = [.. Enumerable.Range(0, 16).Select(i => 1000 + (i * 62.5f))];
        var frame = new byte[64];
        var back = new float[16];
        CrsfChannels.Write(frame, us);
        Assert.True(CrsfChannels.TryRead(frame.AsSpan(0, CrsfChannels.FrameBytes), back));
        for (int i = 0; i < 16; i++)
            Assert.Equal(us[i], back[i], 0.32f); // half of 5/8 us
    }

    [Fact]
    public void Pilot_RadioLost_ReleasesTheDeadmanWithinOneHundredFiftyMilliseconds()
    {
        var clock = new ManualClock(1_000_000_000);
        var pair = new MemoryStreamPair();
        using var pilot = new CrsfPilot(pair.Host, clock);
        Assert.False(pilot.DeadmanHeld);
        Transmit(pair.Device, roll: 2012, pitch: 1500, aux1: 2000, aux2: 2000);
        pilot.Poll();
        Assert.True(pilot.WantsControl);
        var sticks = new float[4];
        pilot.Sticks(sticks);
        Assert.Equal(-1, sticks[1], 0.01f); // right stick to the right is to the right: -left
        clock.Advance(151_000_000);
        pilot.Poll();
        Assert.False(pilot.DeadmanHeld);
        pilot.Sticks(sticks);
        Assert.All(sticks, s => Assert.Equal(0, s));
    }

    [Fact]
    public void Pilot_ReceiverRepeatsItsFailsafe_IsNotHeard()
    {
        var pair = new MemoryStreamPair();
        using var pilot = new CrsfPilot(pair.Host, new ManualClock(1));
        Transmit(pair.Device, 1500, 1500, 2000, 2000);
        byte[] lost = [0xC8, 12, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        lost[^1] = Crc8.Of(lost.AsSpan(2, 11));
        pair.Device.TryWrite(lost, out _);
        pilot.Poll();
        Assert.False(pilot.DeadmanHeld);
    }

    [Fact]
    public void Msp_Requests_AreTheGoldenFrames()
    {
        var f = new byte[64];
        Assert.Equal("244d3c000101", Hex(f, MspFrame.Write1(f, '<', 1, default)));
        Assert.Equal("24583c000100000045", Hex(f, MspFrame.Write2(f, '<', 1, default)));
        var rc = new byte[16];
        int[] us = [1500, 1500, 1000, 1500, 2000, 1000, 1000, 1000];
        for (int i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(rc.AsSpan(2 * i), (ushort)us[i]);
        Assert.Equal("244d3c10c8dc05dc05e803dc05d007e803e803e803d6", Hex(f, MspFrame.Write1(f, '<', 200, rc)));
    }

    [Fact]
    public void Betaflight_IdentifiedThenFlown_SendsSticksAndReadsRep103()
    {
        using var rig = new Rig("BTFL");
        rig.Run(0.2, SafetyAction.PowerCut, 0, 0, 0, 0);
        Assert.True(rig.Driver.IsReady, rig.Driver.Diagnosis);
        Assert.Equal(1000, rig.Sticks[4]);
        rig.Run(0.1, SafetyAction.Nominal, 5, -5, 2.5f, 0.6f);
        Assert.Equal([1750, 1750, 1600, 1375, 2000], rig.Sticks[..5]);
        // Heading 90 degrees to the right is a quarter turn about -z.
        Assert.Equal(0.7071f, rig.Sample.Values[0], 0.001f);
        Assert.Equal(-0.7071f, rig.Sample.Values[3], 0.001f);
        Assert.Equal(0.1745f, rig.Sample.Values[4], 0.001f);
    }

    [Fact]
    public void Betaflight_OtherFirmware_IsRefused()
    {
        using var rig = new Rig("INAV");
        rig.Run(0.5, SafetyAction.Nominal, 0, 0, 0, 0.5f);
        Assert.False(rig.Driver.IsReady);
        Assert.Contains("INAV", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        Assert.Equal(0, rig.Sticks[4]); // never sent
    }

    [Fact]
    public void Betaflight_FailsafeLongerThanDeclared_IsRefused()
    {
        using var rig = new Rig("BTFL", failsafe: 40);
        rig.Run(0.5, SafetyAction.Nominal, 0, 0, 0, 0.5f);
        Assert.False(rig.Driver.IsReady);
        Assert.Contains("failsafe_delay reads 4 s", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(0, rig.Sticks[4]);
    }

    private static void Transmit(IByteStream device, float roll, float pitch, float aux1, float aux2)
    {
        var us = new float[16];
        us.AsSpan().Fill(1500);
        (us[0], us[1], us[4], us[5]) = (roll, pitch, aux1, aux2);
        var frame = new byte[64];
        device.TryWrite(frame.AsSpan(0, CrsfChannels.Write(frame, us)), out _);
    }

    private static string Hex(byte[] frame, int count) => Convert.ToHexStringLower(frame.AsSpan(0, count));

    /// <summary>A flight controller that answers MSP: variant, attitude with heading 90, 10 degrees per second of roll.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly string _variant;
        private readonly byte _failsafe;
        private readonly MemoryStreamPair _pair = new();
        private readonly ManualClock _clock = new(1_000_000_000);
        private readonly MspScanner _scanner = new();

        public Rig(string variant, byte failsafe = 15)
        {
            _variant = variant;
            _failsafe = failsafe;
            Driver = new BetaflightDriver(new BetaflightOptions(new ByteEndpoint(EndpointKind.Tcp, "x", 1), 10), _pair.Host, _clock);
            Sample = new SensorSample(Driver.StateChannels);
        }

        public BetaflightDriver Driver { get; }

        public SensorSample Sample { get; }

        public int[] Sticks { get; } = new int[8];

        public void Run(double seconds, SafetyAction action, params float[] values)
        {
            for (int i = 0; i < seconds * 100; i++)
            {
                _clock.Advance(10_000_000);
                Serve();
                Driver.Read(Sample);
                Driver.Write(CommandForge.Make(values, action));
            }
        }

        public void Dispose() => Driver.Dispose();

        private void Serve()
        {
            while (_scanner.ReadFrom(_pair.Device) == StreamStatus.Ok)
            {
                while (_scanner.TryNext(out ReadOnlySpan<byte> bytes))
                {
                    var frame = new MspFrame(bytes);
                    if (frame.Command == 200)
                    {
                        for (int i = 0; i < 8; i++)
                            Sticks[i] = BinaryPrimitives.ReadUInt16LittleEndian(frame.Payload[(2 * i)..]);
                    }
                    Answer((byte)frame.Command);
                }
            }
        }

        private void Answer(byte command)
        {
            var payload = new byte[18];
            BinaryPrimitives.WriteInt16LittleEndian(payload.AsSpan(4), 90);
            BinaryPrimitives.WriteInt16LittleEndian(payload.AsSpan(6), 10);
            ReadOnlySpan<byte> p = command switch
            {
                2 => System.Text.Encoding.ASCII.GetBytes(_variant),
                75 => [_failsafe],
                108 => payload.AsSpan(0, 6),
                102 => payload,
                _ => default,
            };
            var frame = new byte[64];
            _pair.Device.TryWrite(frame.AsSpan(0, MspFrame.Write1(frame, '>', command, p)), out _);
        }
    }
}
