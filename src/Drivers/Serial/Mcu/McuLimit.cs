using System.Buffers.Binary;

namespace Robotics.Drivers.Serial.Mcu;

/// <summary>One row of the limit table that robot.yaml and the firmware must agree on.</summary>
/// <param name="Name">Command channel.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Minimum">Least output.</param>
/// <param name="Maximum">Greatest output.</param>
/// <param name="RatePerS">Fastest change of the output, per second.</param>
/// <param name="Safe">Output while disarmed.</param>
public sealed record McuLimit(string Name, string Unit, float Minimum, float Maximum, float RatePerS, float Safe)
{
    /// <summary>CRC-32C over the table, four little-endian floats per row: what INFO reports and arming proves.</summary>
    public static uint Hash(IReadOnlyList<McuLimit> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var bytes = new byte[table.Count * 16];
        for (int i = 0; i < table.Count; i++)
        {
            Span<byte> row = bytes.AsSpan(i * 16);
            BinaryPrimitives.WriteSingleLittleEndian(row, table[i].Minimum);
            BinaryPrimitives.WriteSingleLittleEndian(row[4..], table[i].Maximum);
            BinaryPrimitives.WriteSingleLittleEndian(row[8..], table[i].RatePerS);
            BinaryPrimitives.WriteSingleLittleEndian(row[12..], table[i].Safe);
        }
        return McuFrame.Crc(bytes);
    }
}
