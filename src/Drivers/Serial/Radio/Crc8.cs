namespace Robotics.Drivers.Serial;

/// <summary>CRC-8/DVB-S2: polynomial 0xD5, initial 0, not reflected. CRSF and MSP version 2.</summary>
public static class Crc8
{
    private static readonly byte[] s_table = BuildTable();

    /// <summary>Check sum of <paramref name="bytes"/>.</summary>
    public static byte Of(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (byte b in bytes)
            crc = s_table[crc ^ b];
        return crc;
    }

    private static byte[] BuildTable()
    {
        var table = new byte[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0xD5 : crc << 1;
            table[i] = (byte)crc;
        }
        return table;
    }
}
