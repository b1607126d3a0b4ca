namespace Robotics.Experience;

// Room for the next record: within the bound, within the segment, within the buffer.
public sealed partial class SpoolWriter
{
    /// <summary>Gives up the oldest segment that is not being written: what was in it is noted durably first, so that it is never taken again.</summary>
    /// <returns>Bytes freed; 0 where there is no such segment.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public long DropOldest()
    {
        if (_closed.Count == 0)
            return 0;
        ClosedSegment oldest = _closed[0];
        Dropped = oldest.GiveUp(_folder, Dropped);
        _closedBytes -= oldest.Bytes;
        _closed.RemoveAt(0);
        return oldest.Bytes;
    }

    private bool MakeRoom(int length, ulong sequence)
    {
        if (_options.MaxBytes > 0 && Bytes + length > _options.MaxBytes && !DropAcknowledged(length))
            return false;
        if (_file is not null && _offset + _buffered + length > _segmentBytes && _offset + _buffered > SegmentHeader.MaxLength && !Close())
            return false;
        if (_file is null && !TryCreate(sequence))
            return false;
        return _buffered + length <= _buffer.Length || Flush();
    }

    private bool DropAcknowledged(int length)
    {
        while (_options.Retention == SpoolRetention.DropAcknowledged && _closed.Count > 0 && _closed[0].Last <= Acknowledged && TryDropOldest())
        {
            if (Bytes + length <= _options.MaxBytes)
                return true;
        }
        return false;
    }

    private bool TryDropOldest()
    {
        try
        {
            return DropOldest() > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failures++;
            LastFailure = e.Message;
            return false;
        }
    }

    private bool Close()
    {
        if (!Commit())
            return false;
        _closed.Add(new ClosedSegment(_current, LastAppended, _offset, _currentRecords));
        _closedBytes += _offset;
        _file!.Dispose();
        _file = null;
        _offset = 0;
        return true;
    }

    private bool TryCreate(ulong firstSequence)
    {
        try
        {
            Create(firstSequence);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failures++;
            LastFailure = e.Message;
            _file?.Dispose();
            _file = null;
            return false;
        }
    }

    private void Create(ulong firstSequence)
    {
        string path = Path.Combine(_folder, SegmentFile.NameOf(firstSequence));
        byte[] header = new SegmentHeader(Stream, firstSequence, LastAppended, Schema, _options.ConfigHash.Span).ToBytes();
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(_file, header, 0);
        Durable.Sync(_file);
        Durable.SyncFolder(_folder);
        _current = new SegmentFile(path, firstSequence);
        _offset = header.Length;
        _forgotten = _orderedTo = 0;
        _buffered = 0;
        _currentRecords = 0;
    }
}
