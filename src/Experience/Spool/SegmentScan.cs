using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>What one segment file really holds, found by reading all of it with bounded memory.</summary>
/// <param name="Path">The file.</param>
/// <param name="HeaderStatus">Whether its header can be used; without it nothing else can.</param>
/// <param name="Header">The header, where it can be used.</param>
/// <param name="Records">Valid records in the valid prefix.</param>
/// <param name="First">Sequence of the first record, 0 where there is none.</param>
/// <param name="Last">Sequence of the last record of the valid prefix; the header's previous where there is none.</param>
/// <param name="Missing">Sequence numbers skipped between the header's previous and the last (dropped on the edge, and counted there).</param>
/// <param name="ValidBytes">Length of the valid prefix, header included.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="EndStatus">Why the prefix ends: <see cref="DecodeStatus.Ok"/> at the end of the file, else what is wrong behind it.</param>
public sealed record SegmentScan(
    string Path, DecodeStatus HeaderStatus, SegmentHeader? Header, long Records, ulong First, ulong Last, ulong Missing,
    long ValidBytes, long FileBytes, DecodeStatus EndStatus)
{
    // Big enough for the longest record of any schema, so that a scan never grows.
    private const int WindowBytes = 8 * 1024 * 1024;

    /// <summary>True where every byte of the file is valid.</summary>
    public bool IsWhole => HeaderStatus == DecodeStatus.Ok && EndStatus == DecodeStatus.Ok;

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <param name="path">A segment.</param>
    /// <param name="seen">Told each record of the valid prefix; null for nobody.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SegmentScan Of(string path, Action<TransitionHeader>? seen = null)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        long length = RandomAccess.GetLength(file);
        var window = new byte[(int)Math.Min(WindowBytes, Math.Max(length, SegmentHeader.MaxLength))];
        int count = RandomAccess.Read(file, window, 0);
        DecodeStatus status = SegmentHeader.TryRead(window.AsSpan(0, count), out SegmentHeader? header);
        if (status != DecodeStatus.Ok)
            return new SegmentScan(path, status, null, 0, 0, 0, 0, 0, length, status);
        return ScanRecords(path, file, header!, window, length, seen);
    }

    private static SegmentScan ScanRecords(string path, SafeFileHandle file, SegmentHeader header, byte[] window, long fileLength, Action<TransitionHeader>? seen)
    {
        long offset = header.Length, records = 0;
        ulong first = 0, last = header.Previous, missing = 0;
        DecodeStatus end = DecodeStatus.Ok;
        while (offset < fileLength && end == DecodeStatus.Ok)
        {
            ReadOnlySpan<byte> bytes = window.AsSpan(0, RandomAccess.Read(file, window, offset));
            int position = 0;
            while (position < bytes.Length)
            {
                DecodeStatus status = Next(bytes[position..], header, last, out TransitionHeader record);
                if (status != DecodeStatus.Ok)
                {
                    end = status;
                    break;
                }
                missing += record.Sequence - last - 1;
                last = record.Sequence;
                first = first == 0 ? last : first;
                records++;
                seen?.Invoke(record);
                position += record.Length;
            }
            offset += position;
            // A record cut by the window, not by the file: read on from where it starts.
            if (end == DecodeStatus.Incomplete && position > 0)
                end = DecodeStatus.Ok;
        }
        return new SegmentScan(path, DecodeStatus.Ok, header, records, first, last, missing, offset, fileLength, end);
    }

    private static DecodeStatus Next(ReadOnlySpan<byte> bytes, SegmentHeader header, ulong last, out TransitionHeader record)
    {
        DecodeStatus status = TransitionCodec.TryPeek(bytes, header.Schema, out record);
        if (status != DecodeStatus.Ok)
            return status;
        bool belongs = record.Robot == header.Stream.Robot && record.Boot == header.Stream.Boot && record.Sequence > last;
        return belongs ? DecodeStatus.Ok : DecodeStatus.BadField;
    }
}
