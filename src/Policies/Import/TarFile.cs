using System.Text;

namespace Robotics.Policies;

/// <summary>Reads the regular files of a POSIX ustar archive from memory. Untrusted input: by status, within the bytes given.</summary>
internal static class TarFile
{
    private const int BlockLength = 512;

    /// <summary>Files by name; false with the problem where the archive is malformed.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> archive, out Dictionary<string, ReadOnlyMemory<byte>> files, out string problem)
    {
        files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        problem = "";
        int offset = 0;
        while (offset + BlockLength <= archive.Length)
        {
            ReadOnlySpan<byte> header = archive.Span.Slice(offset, BlockLength);
            if (header.IndexOfAnyExcept((byte)0) < 0)
                return true;
            if (!TryReadOctal(header.Slice(124, 12), out long size) || size > archive.Length - offset - BlockLength)
            {
                problem = $"entry at byte {offset}: its size does not fit in the {archive.Length} bytes of the archive";
                return false;
            }
            int start = offset + BlockLength;
            // Type '0' or NUL is a regular file; everything else (folders, extended headers) carries nothing we read.
            if (header[156] is (byte)'0' or 0)
                files[NameOf(header)] = archive.Slice(start, (int)size);
            offset = start + (int)((size + BlockLength - 1) / BlockLength * BlockLength);
        }
        if (files.Count > 0)
            return true;
        problem = "no files in it";
        return false;
    }

    private static string NameOf(ReadOnlySpan<byte> header)
    {
        string name = Text(header[..100]);
        string prefix = header.Slice(257, 5).SequenceEqual("ustar"u8) ? Text(header.Slice(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        foreach (byte b in field)
        {
            if (b is 0 or (byte)' ')
                continue;
            if (b is < (byte)'0' or > (byte)'7')
                return false;
            value = (value * 8) + (b - '0');
        }
        return true;
    }
}
