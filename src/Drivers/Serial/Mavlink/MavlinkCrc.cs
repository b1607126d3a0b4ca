namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>CRC-16/MCRF4XX: initial 0xFFFF, polynomial 0x1021 reflected (0x8408), no final inversion.</summary>
public static class MavlinkCrc
{
    private static readonly ushort[] s_table = BuildTable();

    /// <summary>Check sum of <paramref name="bytes"/> followed by <paramref name="extra"/>.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes, byte extra)
    {
        ushort crc = 0xFFFF;
        foreach (byte b in bytes)
            crc = (ushort)((crc >> 8) ^ s_table[(byte)(crc ^ b)]);
        return (ushort)((crc >> 8) ^ s_table[(byte)(crc ^ extra)]);
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
