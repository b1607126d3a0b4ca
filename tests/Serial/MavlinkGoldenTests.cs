using System.Security.Cryptography;
using System.Text;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class MavlinkGoldenTests
{
    private const string HeartbeatHex = "fd09000007f5bf000000000000001208000403ae17";
    private const string VelocityHex =
        "fd35000007f5bf540000e80300000000000000000000000000000000c03f000000c00000803e0000000000000000000000000000000000000000c70d0101015db1";
    private const string ArmHex =
        "fd20000007f5bf4c00000000803f00000000000000000000000000000000000000000000000090010101ce2b";
    private const string AttitudeHex =
        "fd27000007f5bf520000e80300000000803f0000000000000000000000000000000000000000000000000000003f01010714d8";
    private const string SignedHex = "fd09010007f5bf00000000000000120800040349ef030605040302012fb3b366798c";

    [Fact]
    public void Encode_Heartbeat_IsTheGoldenFrame() => Assert.Equal(HeartbeatHex, Hex(Heartbeat(Encoder())));

    [Fact]
    public void Encode_VelocityTarget_IsTheGoldenFrame()
    {
        Span<byte> payload = stackalloc byte[SetPositionTargetLocalNed.Length];
        var m = new SetPositionTargetLocalNed(payload)
        {
            TimeBootMs = 1000,
            Vx = 1.5f,
            Vy = -2,
            Vz = 0.25f,
            TypeMask = 0x0DC7,
            TargetSystem = 1,
            TargetComponent = 1,
            CoordinateFrame = 1,
        };
        Assert.Equal(VelocityHex, Hex(Encoder().Encode(SetPositionTargetLocalNed.Id, payload)));
        Assert.Equal(-2, m.Vy);
    }

    [Fact]
    public void Encode_Arm_IsTheGoldenFrame()
    {
        Span<byte> payload = stackalloc byte[CommandLong.Length];
        _ = new CommandLong(payload) { Param1 = 1, Command = 400, TargetSystem = 1, TargetComponent = 1 };
        Assert.Equal(ArmHex, Hex(Encoder().Encode(CommandLong.Id, payload)));
    }

    [Fact]
    public void Encode_AttitudeTarget_IsTheGoldenFrame()
    {
        Span<byte> payload = stackalloc byte[SetAttitudeTarget.Length];
        var m = new SetAttitudeTarget(payload) { TimeBootMs = 1000, Thrust = 0.5f, TargetSystem = 1, TargetComponent = 1, TypeMask = 7 };
        m.SetQ(0, 1);
        Assert.Equal(AttitudeHex, Hex(Encoder().Encode(SetAttitudeTarget.Id, payload)));
    }

    [Fact]
    public void Encode_WithSigner_IsTheGoldenSignedFrame()
    {
        MavlinkEncoder encoder = Encoder();
        encoder.Signer = Signer(0x010203040506);
        Assert.Equal(SignedHex, Hex(Heartbeat(encoder)));
    }

    [Theory]
    [InlineData(HeartbeatHex, 0)]
    [InlineData(VelocityHex, 84)]
    [InlineData(ArmHex, 76)]
    [InlineData(AttitudeHex, 82)]
    [InlineData(SignedHex, 0)]
    public void Scan_GoldenFrame_IsFound(string hex, int id)
    {
        var scanner = new MavlinkScanner();
        Push(scanner, Convert.FromHexString(hex));
        Assert.True(scanner.TryNext(out MavlinkFrame frame));
        Assert.Equal(((uint)id, (byte)7, (byte)245, (byte)191), (frame.Id, frame.Sequence, frame.SystemId, frame.ComponentId));
        Assert.Equal(0, scanner.SkippedBytes);
    }

    [Fact]
    public void Scan_TruncatedPayload_ReadsMissingBytesAsZero()
    {
        var scanner = new MavlinkScanner();
        Push(scanner, Convert.FromHexString(VelocityHex)); // leaves non-zero bytes in the scratch payload
        Assert.True(scanner.TryNext(out MavlinkFrame _));
        Push(scanner, Convert.FromHexString(ArmHex));
        Assert.True(scanner.TryNext(out MavlinkFrame frame));
        Assert.Equal(0, new CommandLong(frame.Payload).Confirmation);
        Assert.Equal(-1, ((ReadOnlySpan<byte>)frame.Payload)[32..].IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Scan_UnknownIncompatibilityFlag_IsDiscarded()
    {
        byte[] bytes = Convert.FromHexString(HeartbeatHex);
        bytes[2] = 2;
        var scanner = new MavlinkScanner();
        Push(scanner, bytes);
        Assert.False(scanner.TryNext(out MavlinkFrame _));
    }

    [Fact]
    public void Scan_NoiseThatLooksLikeAStart_LosesNoFrameBehindIt()
    {
        var scanner = new MavlinkScanner();
        byte[] stream = [0xFD, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, .. Convert.FromHexString(HeartbeatHex), .. new byte[300]];
        Push(scanner, stream);
        Assert.True(scanner.TryNext(out MavlinkFrame frame));
        Assert.Equal(7, frame.Sequence);
    }

    [Fact]
    public void Accept_RepeatedForgedUnsignedOrOldFrame_IsRefused()
    {
        byte[] signed = Convert.FromHexString(SignedHex);
        byte[] forged = [.. signed];
        forged[^1] ^= 1;
        Assert.Equal([true, false], Accepted(Signer(0), signed, signed));
        Assert.Equal([false, true], Accepted(Signer(0), forged, signed));
        Assert.Equal([false], Accepted(Signer(0), Convert.FromHexString(HeartbeatHex)));
        Assert.Equal([true], Accepted(Signer(0x010203040506 + 5_900_000), signed)); // 59 s behind
        Assert.Equal([false], Accepted(Signer(0x010203040506 + 6_100_000), signed)); // 61 s behind
    }

    [Fact]
    public void EncodeAndScan_Running_AllocateNothing()
    {
        MavlinkEncoder encoder = Encoder();
        var scanner = new MavlinkScanner();
        AllocationGuard.AssertNone(() =>
        {
            Push(scanner, Heartbeat(encoder));
            if (!scanner.TryNext(out MavlinkFrame _))
                throw new InvalidOperationException("frame lost");
        });
    }

    private static List<bool> Accepted(MavlinkSigner signer, params byte[][] frames)
    {
        var accepted = new List<bool>();
        foreach (byte[] bytes in frames)
        {
            var scanner = new MavlinkScanner();
            Push(scanner, bytes);
            Assert.True(scanner.TryNext(out MavlinkFrame frame));
            accepted.Add(signer.Accept(frame));
        }
        return accepted;
    }

    private static MavlinkSigner Signer(long timestamp) => new(SHA256.HashData(Encoding.ASCII.GetBytes("test")), 3, timestamp);

    private static MavlinkEncoder Encoder() => new(245, 191) { Sequence = 7 };

    private static ReadOnlySpan<byte> Heartbeat(MavlinkEncoder encoder)
    {
        Span<byte> payload = stackalloc byte[Robotics.Drivers.Serial.Mavlink.Heartbeat.Length];
        _ = new Heartbeat(payload) { Type = 18, Autopilot = 8, SystemStatus = 4, MavlinkVersion = 3 };
        return encoder.Encode(Robotics.Drivers.Serial.Mavlink.Heartbeat.Id, payload);
    }

    private static void Push(MavlinkScanner scanner, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(scanner.Free);
        scanner.Commit(bytes.Length);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
