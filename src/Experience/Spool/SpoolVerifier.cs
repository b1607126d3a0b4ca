namespace Robotics.Experience;

/// <summary>Reads a whole spool or store and says what is in it: the library behind `robotics spool verify | export | repair`.</summary>
public static class SpoolVerifier
{
    /// <summary>Reads every byte of every stream below <paramref name="root"/>.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SpoolReport Verify(string root)
    {
        if (!Directory.Exists(root))
            throw new SpoolException($"no such spool: {root}; give the folder that holds the <robot>-<boot> folders");
        var streams = new List<StreamReport>();
        foreach (SpoolStream stream in SpoolStream.List(root))
            streams.Add(Verify(root, stream));
        return new SpoolReport(root, streams);
    }

    /// <summary>Copies the valid records of a stream to <paramref name="targetRoot"/>, stepping over damage and leaving out repeated sequence numbers.</summary>
    /// <returns>Records copied.</returns>
    /// <exception cref="SpoolException">No segment of the stream has a usable header, or the target cannot be written.</exception>
    public static long Repair(string root, SpoolStream stream, string targetRoot)
    {
        TransitionSchema schema = SchemaOf(root, stream);
        using SpoolReader reader = SpoolReader.Open(root, stream, schema);
        using SpoolWriter writer = SpoolWriter.Open(targetRoot, stream, schema, new SpoolOptions());
        long copied = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> record, out _))
        {
            SpoolStatus status = writer.Append(record);
            if (status is SpoolStatus.Full or SpoolStatus.Faulted)
                throw new SpoolException($"cannot write {writer.Folder}: {writer.LastFailure}");
            copied += status == SpoolStatus.Ok ? 1 : 0;
        }
        return copied;
    }

    /// <summary>The schema of a stream, from the first segment that has a usable header.</summary>
    /// <exception cref="SpoolException">There is none.</exception>
    public static TransitionSchema SchemaOf(string root, SpoolStream stream)
    {
        foreach (SegmentFile segment in SegmentFile.List(stream.PathIn(root)))
        {
            if (SegmentHeader.TryReadFile(segment.Path, out SegmentHeader? header) == DecodeStatus.Ok)
                return header!.Schema;
        }
        throw new SpoolException($"{stream.PathIn(root)} has no segment with a usable header");
    }

    private static StreamReport Verify(string root, SpoolStream stream)
    {
        string folder = stream.PathIn(root);
        var segments = SegmentFile.List(folder).Select(s => SegmentScan.Of(s.Path)).ToList();
        var problems = new List<string>();
        DroppedNote dropped = DroppedNote.Read(folder);
        ulong last = dropped.Sequence, missing = 0, repeated = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            SegmentScan scan = segments[i];
            if (!scan.IsWhole)
                problems.Add(Describe(scan, isLast: i == segments.Count - 1));
            if (scan.Records == 0 || scan.Last <= dropped.Sequence)
                continue;
            missing += scan.First > last + 1 ? scan.First - last - 1 : 0;
            repeated += scan.First <= last ? last - scan.First + 1 : 0;
            missing += scan.Last - scan.First + 1 - (ulong)scan.Records;
            last = scan.Last;
        }
        return new StreamReport(stream, segments, last, missing, repeated, dropped, problems);
    }

    private static string Describe(SegmentScan scan, bool isLast)
    {
        if (scan.Header is null)
            return $"{scan.Path}: header {scan.HeaderStatus}; the segment cannot be read";
        string what = isLast && scan.EndStatus == DecodeStatus.Incomplete ? "torn end, cut off at the next start" : $"damage ({scan.EndStatus})";
        return $"{scan.Path}: {what} at byte {scan.ValidBytes} of {scan.FileBytes}";
    }
}
