namespace Robotics.Experience;

// Opening a stream: its valid prefix, whatever a crash left behind.
public sealed partial class SpoolWriter
{
    // Only the last segment can have a torn end: the ones before were committed before their successor was made.
    private void Recover()
    {
        RemoveMark();
        Dropped = DroppedNote.Read(_folder);
        LastAppended = LastFlushed = LastDurable = Dropped.Sequence;
        var segments = SegmentFile.List(_folder).ToList();
        FinishDropping(segments);
        SegmentScan? last = null;
        while (segments.Count > 0 && last?.Header is null)
        {
            last = SegmentScan.Of(segments[^1].Path);
            if (last.Header is not null)
                break;
            SetAside(last);
            segments.RemoveAt(segments.Count - 1);
        }
        if (last?.Header is null)
            return;
        Refuse(last.Path, last.Header);
        NoteClosed(segments, last.Header.Previous);
        LastAppended = LastFlushed = LastDurable = Math.Max(last.Last, Dropped.Sequence);
        Reopen(segments[^1], last);
    }

    // A crash after the note and before the end of the deletion: what the note gives up is gone, whatever is left of it. The last segment's own end
    // is not known from names; where all of it was given up it stays until the next drop.
    private void FinishDropping(List<SegmentFile> segments)
    {
        while (segments.Count > 1 && segments[1].FirstSequence <= Dropped.Sequence + 1)
        {
            File.Delete(segments[0].Path);
            segments.RemoveAt(0);
        }
    }

    private void NoteClosed(List<SegmentFile> segments, ulong lastOfThem)
    {
        for (int i = 0; i < segments.Count - 1; i++)
        {
            ulong last = i < segments.Count - 2 ? segments[i + 1].FirstSequence - 1 : lastOfThem;
            long bytes = new FileInfo(segments[i].Path).Length;
            _closed.Add(new ClosedSegment(segments[i], last, bytes, Records: -1));
            _closedBytes += bytes;
        }
    }

    private void Refuse(string path, SegmentHeader header)
    {
        if (header.Stream != Stream || !header.Schema.Equals(Schema))
            throw new SpoolException($"{path} holds {header.Stream.FolderName} under schema {header.Schema}, asked for {Stream.FolderName} under {Schema}; give another folder or a new boot identity");
    }

    private void Reopen(SegmentFile segment, SegmentScan scan)
    {
        CutBytes += scan.FileBytes - scan.ValidBytes;
        // A torn end is simply the record that was being written. Anything else is damage: what lies behind it is kept for `spool repair`.
        if (scan.EndStatus is not (DecodeStatus.Ok or DecodeStatus.Incomplete))
            File.Copy(segment.Path, segment.Path + ".damaged", overwrite: true);
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (scan.FileBytes > scan.ValidBytes)
            RandomAccess.SetLength(_file, scan.ValidBytes);
        Durable.Sync(_file);
        _current = segment;
        _offset = scan.ValidBytes;
        _forgotten = _orderedTo = 0;
    }

    // A crash while a segment is created leaves a file without a whole header, and no records: nothing is lost with it.
    private void SetAside(SegmentScan scan)
    {
        CutBytes += scan.FileBytes;
        if (scan.HeaderStatus == DecodeStatus.Incomplete)
            File.Delete(scan.Path);
        else
            File.Move(scan.Path, scan.Path + ".bad", overwrite: true);
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"cannot write to {folder}: {e.Message}. Is another agent or learner using it, or is the disk read-only?", e);
        }
    }
}
