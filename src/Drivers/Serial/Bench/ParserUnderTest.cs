using Robotics.Drivers.Serial.Mavlink;
using Robotics.Drivers.Serial.Mcu;
using Robotics.Drivers.Serial.Msp;
using Robotics.Drivers.Serial.Radio;
using Robotics.Drivers.Serial.Servos;

namespace Robotics.Drivers.Serial.Bench;

/// <summary>One parser with valid frames and what its framing can promise.</summary>
/// <param name="Name">Protocol.</param>
/// <param name="Create">A fresh scanner.</param>
/// <param name="Clean">Distinct valid frames that are sent whole.</param>
/// <param name="Victims">Valid frames that get damaged; at least three bits from every clean one, so that no damage makes one into the other.</param>
/// <param name="CheckBits">Bits of its check sum.</param>
/// <param name="NoiseProbability">Probability that a frame begins at a random byte: header, plausible length and check sum by chance.</param>
internal sealed record ParserUnderTest(string Name, Func<FrameScanner> Create, byte[][] Clean, byte[][] Victims, int CheckBits, double NoiseProbability)
{
    private const int Variants = 32;
    private const int FirstVictim = 0xE0;

    public static ParserUnderTest[] All() =>
        [
            // Version 1 dominates: magic, id and its one length, CRC; some 190 known ids are below 256.
            new("mavlink", () => new MavlinkScanner(), Make(Mavlink, 0), Make(Mavlink, FirstVictim), 16, 190 * Math.Pow(2, -40)),
            // A plain sum misses the same bit flipped both ways in two bytes: worth about 7 bits.
            new("feetech", () => new FeetechScanner(), Make(Feetech, 0), Make(Feetech, FirstVictim), 7, Math.Pow(2, -24)),
            new("dynamixel", () => new DynamixelScanner(), Make(Dynamixel, 0), Make(Dynamixel, FirstVictim), 16, 248 * Math.Pow(2, -64)),
            new("r1", () => new McuScanner(), Make(R1, 0), Make(R1, FirstVictim), 32, Math.Pow(2, -48)),
            new("crsf", () => new CrsfScanner(), Make(Crsf, 0), Make(Crsf, FirstVictim), 8, 2 * 61 * Math.Pow(2, -24)),
            new("msp", () => new MspScanner(), Make(Msp, 0), Make(Msp, FirstVictim), 8, 3 * Math.Pow(2, -32)),
        ];

    private static byte[][] Make(Func<int, byte[]> make, int first) => [.. Enumerable.Range(first, Variants).Select(make)];

    private static byte[] Mavlink(int i)
    {
        var payload = new byte[AttitudeQuaternion.Length];
        _ = new AttitudeQuaternion(payload) { TimeBootMs = (uint)(i + 1), Q1 = 1, Yawspeed = i };
        return new MavlinkEncoder(1, 1) { Sequence = (byte)i }.Encode(AttitudeQuaternion.Id, payload).ToArray();
    }

    private static byte[] Feetech(int i)
    {
        var frame = new byte[64];
        return frame[..new FeetechProtocol().SyncWrite(frame, [1, 2, 3], 42, 2, [(byte)i, 8, 0, 4, 17, 9])];
    }

    private static byte[] Dynamixel(int i)
    {
        var frame = new byte[64];
        return frame[..new DynamixelProtocol().Write(frame, 1, 116, [(byte)i, 8, 0xFF, 0xFF])];
    }

    private static byte[] R1(int i)
    {
        var wire = new byte[64];
        return wire[..McuFrame.Write(wire, McuMessageType.Command, (ushort)i, (uint)i * 10_000, [50, 0, 1, 0, 0, 0, 0x80, 0x3F])];
    }

    private static byte[] Crsf(int i)
    {
        var us = new float[CrsfChannels.Count];
        us.AsSpan().Fill(1000 + (i * 10));
        var frame = new byte[CrsfChannels.FrameBytes];
        CrsfChannels.Write(frame, us);
        return frame;
    }

    private static byte[] Msp(int i)
    {
        var frame = new byte[64];
        return frame[..MspFrame.Write2(frame, '<', 200, [(byte)i, 5, 6, 7, 8, 9, 10, 11])];
    }
}
