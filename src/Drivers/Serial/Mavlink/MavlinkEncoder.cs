using System.Buffers.Binary;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Writes MAVLink 2 frames of one system and component, numbered and, with a signer, signed. Does not allocate.</summary>
public sealed class MavlinkEncoder
{
    private readonly byte[] _frame = new byte[MavlinkScanner.MaxFrame];
    private readonly byte _systemId;
    private readonly byte _componentId;

    /// <summary>Frames from (<paramref name="systemId"/>, <paramref name="componentId"/>).</summary>
    public MavlinkEncoder(byte systemId, byte componentId)
    {
        _systemId = systemId;
        _componentId = componentId;
    }

    /// <summary>Number of the next frame.</summary>
    public byte Sequence { get; set; }

    /// <summary>Signs every frame where set.</summary>
    public MavlinkSigner? Signer { get; set; }

    /// <summary>The frame of message <paramref name="id"/>; valid until the next call. Trailing zeros of the payload are cut.</summary>
    /// <exception cref="ArgumentException">The message is not in the table or the payload is too long: our own mistake.</exception>
    public ReadOnlySpan<byte> Encode(uint id, scoped ReadOnlySpan<byte> payload)
    {
        if (!MavlinkTable.TryFind(id, out MavlinkMessageFacts facts) || payload.Length > facts.Length)
            throw new ArgumentException($"message {id} with {payload.Length} bytes is not in the table", nameof(id));
        int length = Math.Max(1, payload.LastIndexOfAnyExcept((byte)0) + 1);
        _frame[0] = MavlinkScanner.Magic2;
        _frame[1] = (byte)length;
        _frame[2] = Signer is null ? (byte)0 : MavlinkScanner.SignedFlag;
        _frame[3] = 0;
        _frame[4] = Sequence++;
        _frame[5] = _systemId;
        _frame[6] = _componentId;
        _frame[7] = (byte)id;
        _frame[8] = (byte)(id >> 8);
        _frame[9] = (byte)(id >> 16);
        payload[..length].CopyTo(_frame.AsSpan(MavlinkScanner.Header2));
        int end = MavlinkScanner.Header2 + length;
        BinaryPrimitives.WriteUInt16LittleEndian(_frame.AsSpan(end), MavlinkCrc.Of(_frame.AsSpan(1, end - 1), facts.CrcExtra));
        end += MavlinkScanner.CrcBytes;
        if (Signer is null)
            return _frame.AsSpan(0, end);
        Signer.Sign(_frame.AsSpan(0, end), _frame.AsSpan(end, MavlinkScanner.SignatureBytes));
        return _frame.AsSpan(0, end + MavlinkScanner.SignatureBytes);
    }
}
