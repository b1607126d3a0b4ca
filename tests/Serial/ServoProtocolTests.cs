using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Servos;

namespace Robotics.Serial.Tests;

public sealed class ServoProtocolTests
{
    private static readonly FeetechProtocol s_feetech = new();
    private static readonly DynamixelProtocol s_dynamixel = new();

    [Fact]
    public void Feetech_Requests_AreTheGoldenFrames()
    {
        var f = new byte[64];
        Assert.Equal("ffff010201fb", Hex(f, s_feetech.Ping(f, 1)));
        Assert.Equal("ffff0104023802be", Hex(f, s_feetech.Read(f, 1, 56, 2)));
        Assert.Equal("ffff0105032a0008c4", Hex(f, s_feetech.Write(f, 1, 42, [0, 8])));
        Assert.Equal("fffffe0682380201023c", Hex(f, s_feetech.SyncRead(f, [1, 2], 56, 2)));
        Assert.Equal("fffffe0a832a0201000802000439", Hex(f, s_feetech.SyncWrite(f, [1, 2], 42, 2, [0, 8, 0, 4])));
    }

    [Fact]
    public void Dynamixel_Requests_AreTheGoldenFrames()
    {
        var f = new byte[64];
        Assert.Equal("fffffd0001030001194e", Hex(f, s_dynamixel.Ping(f, 1)));
        Assert.Equal("fffffd00010900037400000800004289", Hex(f, s_dynamixel.Write(f, 1, 116, [0, 8, 0, 0])));
    }

    [Fact]
    public void Dynamixel_HeaderPatternInTheBody_IsStuffedAndComesBackPlain()
    {
        byte[] data = [0xFF, 0xFF, 0xFD, 0xFF, 0xFF, 0xFD, 0x00, 0xFF, 0xFF, 0xFD];
        var f = new byte[64];
        int n = s_dynamixel.Status(f, 7, 0, data);
        Assert.Equal(s_dynamixel.StatusBytes(data.Length) + 3, n);
        Assert.Equal(-1, f.AsSpan(4, n - 4).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFD, 0x00]));
        FrameScanner scanner = s_dynamixel.CreateScanner();
        f.AsSpan(0, n).CopyTo(scanner.Free);
        scanner.Commit(n);
        Assert.True(scanner.TryNext(out ReadOnlySpan<byte> frame));
        ServoPacket packet = s_dynamixel.Parse(frame, new byte[64]);
        Assert.Equal(data, packet.Data.ToArray());
        Assert.Equal(7, packet.Id);
    }

    [Theory]
    [InlineData(0, 0x0000)]
    [InlineData(-5, 0x8005)]
    [InlineData(5, 0x0005)]
    public void Feetech_NegativePosition_CarriesASignBit(int value, int wire)
    {
        Span<byte> two = stackalloc byte[2];
        s_feetech.Registers.WriteNumber(two, value, 2, 15);
        Assert.Equal(wire, two[0] | (two[1] << 8));
        var block = new byte[15];
        two.CopyTo(block);
        Assert.Equal(value, s_feetech.Registers.Position(block));
    }

    [Fact]
    public void Timing_SixServosAtOneMegabaud_AllowTwoHundredHertz()
    {
        Assert.True(ServoBusTiming.CycleS(s_feetech, 6, 1_000_000) < 1.0 / 200);
        Assert.True(ServoBusTiming.CycleS(s_dynamixel, 6, 1_000_000) < 1.0 / 200);
        // 26 bytes of goals, 14 of question, 6 x 21 of answers: 1.66 ms on the wire, 0.12 ms of pauses, 1 ms of USB.
        Assert.Equal(0.00278, ServoBusTiming.CycleS(s_feetech, 6, 1_000_000), 5);
    }

    private static string Hex(byte[] frame, int count) => Convert.ToHexStringLower(frame.AsSpan(0, count));
}
