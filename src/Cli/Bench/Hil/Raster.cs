using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Robotics.Cli.Bench.Hil;

/// <summary>A picture of 24-bit pixels with straight lines and small capitals, and its PNG form (ISO/IEC 15948).</summary>
internal sealed class Raster
{
    private const int GlyphRows = 7, GlyphColumns = 5;
    private const string Glyphs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+/.";

    // Seven rows of five bits per glyph, top row first.
    private const string Rows =
        "0E11131519110E040C04040404 0E0E11010204081F1F02040201110E02060A121F02021F101E0101110E0608101E11110E1F0102040808080E11110E11110E0E11110F01020C"
        + "0E11111F1111111E11111E11111E0E11101010110E1C12111111121C1F10101E10101F1F10101E1010100E11101711110F1111111F1111110E04040404040E070202020212 0C"
        + "11121418141211101010101010 1F111B15151111111111191513 11110E11111111110E1E11111E1010100E11111115120D1E11111E1412110F10100E01011E1F040404040404"
        + "11111111 11110E11111111110A041111111515150A11110A040A11111111110A0404041F01020408101F0004041F0404000001020408100000000000000C0C";

    private static readonly byte[] s_rows = Convert.FromHexString(Rows.Replace(" ", "", StringComparison.Ordinal));
    private readonly byte[] _pixels;

    /// <summary>A white picture.</summary>
    public Raster(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[3 * width * height];
        Array.Fill(_pixels, (byte)255);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>A straight line, <paramref name="width"/> pixels thick.</summary>
    public void Line(int x0, int y0, int x1, int y1, Rgb colour, int width)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
        for (int i = 0; i <= steps; i++)
        {
            int x = x0 + (int)Math.Round((x1 - x0) * (double)i / steps), y = y0 + (int)Math.Round((y1 - y0) * (double)i / steps);
            for (int d = 0; d < width * width; d++)
                Set(x + (d % width) - (width / 2), y + (d / width) - (width / 2), colour);
        }
    }

    /// <summary>Small capitals and digits; whatever has no glyph is a space.</summary>
    public void Text(int x, int y, string text, Rgb colour)
    {
        foreach (char c in text)
        {
            int glyph = Glyphs.IndexOf(c, StringComparison.Ordinal);
            for (int i = 0; glyph >= 0 && i < GlyphRows * GlyphColumns; i++)
            {
                int row = i / GlyphColumns, column = i % GlyphColumns;
                if ((s_rows[(glyph * GlyphRows) + row] >> (GlyphColumns - 1 - column) & 1) != 0)
                    Set(x + column, y + row, colour);
            }
            x += GlyphColumns + 1;
        }
    }

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        header[8] = 8; // bits a channel
        header[9] = 2; // red, green, blue
        Chunk(png, "IHDR", header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < Height; y++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(_pixels.AsSpan(3 * Width * y, 3 * Width));
            }
        }
        Chunk(png, "IDAT", data.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private void Set(int x, int y, Rgb colour)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height)
            return;
        int at = 3 * ((y * Width) + x);
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (colour.R, colour.G, colour.B);
    }

    private static void Chunk(MemoryStream png, string type, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        png.Write(number);
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. body];
        png.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(checkedPart));
        png.Write(number);
    }

    // CRC-32 of ISO 3309, bit by bit: a picture is written once.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF_FFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
        }
        return ~crc;
    }
}
