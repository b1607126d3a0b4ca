using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>Appends the transitions of one stream to segment files: the system of record on the edge, and the learner's store.</summary>
/// <remarks>
/// One thread. A taken record is in memory until <see cref="Flush"/> (survives the death of the process afterwards) and durable after
/// <see cref="Commit"/> (survives a power cut). Appending allocates nothing except when a segment is closed and the next one opened.
/// </remarks>
public sealed partial class SpoolWriter : IDisposable
{
    private const int MinBufferBytes = 256 * 1024; // one large write per group instead of one per record
    private const long EarlySyncBytes = 8 << 20; // with a thread for it, the disk is kept busy, so that the end of a segment has little left to wait for

    private const long StatusIntervalNs = 1_000_000_000;

    private readonly string _folder;
    private readonly SpoolOptions _options;
    private readonly FileStream _lock;
    private readonly byte[] _buffer;
    private readonly long _segmentBytes;
    private readonly List<ClosedSegment> _closed = [];
    private SafeFileHandle? _file;
    private SegmentFile _current;
    private long _offset;
    private int _buffered;
    private long _oldestUnsyncedNs = long.MinValue;
    private bool _dirty;
    private long _orderedTo; // offset up to which the last sync in the background was ordered
    private long _forgotten; // offset up to which the page cache was asked to forget the current segment
    private long _closedBytes;
    private long _currentRecords = -1; // unknown where the segment was begun by an earlier process
    private long _statusDueNs = long.MinValue;
    private ulong _toldAcknowledged;
    private bool _isMarked;
    private bool _isOpen;
    private readonly BackgroundSync? _sync;
    private ulong _syncing;

    private SpoolWriter(string folder, SpoolStream stream, TransitionSchema schema, SpoolOptions options, FileStream held)
    {
        _folder = folder;
        _options = options;
        _lock = held;
        // At least four segments within the limit, so that there is always one that can be given up.
        _segmentBytes = options.MaxBytes > 0 ? Math.Min(options.SegmentBytes, options.MaxBytes / 4) : options.SegmentBytes;
        Stream = stream;
        Schema = schema;
        _sync = options.SyncInBackground ? new BackgroundSync(options.BeforeSync) : null;
        _buffer = GC.AllocateArray<byte>(Math.Max(MinBufferBytes, 2 * schema.FinalRecordLength), pinned: true);
    }

    /// <summary>Whose transitions.</summary>
    public SpoolStream Stream { get; }

    /// <summary>Shape of the records.</summary>
    public TransitionSchema Schema { get; }

    /// <summary>Folder of the segments.</summary>
    public string Folder => _folder;

    /// <summary>Greatest sequence number taken.</summary>
    public ulong LastAppended { get; private set; }

    /// <summary>Greatest sequence number that survives the death of this process and that readers see.</summary>
    public ulong LastFlushed { get; private set; }

    /// <summary>Greatest sequence number that survives a power cut.</summary>
    public ulong LastDurable { get; private set; }

    /// <summary>Greatest sequence number that the learner has persisted.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>What was given up with whole segments to keep within a bound: never taken again.</summary>
    public DroppedNote Dropped { get; private set; }

    /// <summary>Records taken by this writer.</summary>
    public long Appended { get; private set; }

    /// <summary>Sequence numbers that were skipped in what was appended: dropped before the spool.</summary>
    public ulong Missing { get; private set; }

    /// <summary>Bytes behind the valid prefix that recovery cut off when the stream was opened.</summary>
    public long CutBytes { get; private set; }

    /// <summary>Times a write or fsync failed.</summary>
    public long Failures { get; private set; }

    /// <summary>What the system said at the last failure, for people.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>The disk refused to make data durable; nothing more is taken.</summary>
    public bool IsFaulted { get; private set; }

    /// <summary>True where the last append found no room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Bytes of all segments, the unwritten buffer included.</summary>
    public long Bytes => _closedBytes + _offset + _buffered;

    /// <summary>A reader that follows in the same thread; what it has not read yet is kept in the page cache.</summary>
    internal SpoolReader? Follower { get; set; }

    /// <summary>First sequence of the segment being written, for readers that follow.</summary>
    internal ulong CurrentFirstSequence => _file is null ? 0 : _current.FirstSequence;

    /// <summary>Opens the stream for appending, creating it or recovering its valid prefix.</summary>
    /// <param name="root">Folder of the spool or store.</param>
    /// <param name="stream">Whose transitions.</param>
    /// <param name="schema">Shape of the records.</param>
    /// <param name="options">How the disk is used.</param>
    /// <exception cref="SpoolException">Somebody else writes it, it belongs to another schema, or the disk says no.</exception>
    public static SpoolWriter Open(string root, SpoolStream stream, TransitionSchema schema, SpoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        string folder = stream.PathIn(root);
        FileStream held = Lock(folder);
        var writer = new SpoolWriter(folder, stream, schema, options, held);
        try
        {
            writer.Recover();
            writer._isOpen = true;
            writer.Status.Write(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            writer.Dispose();
            throw new SpoolException($"cannot recover {folder}: {e.Message}", e);
        }
        catch (SpoolException)
        {
            writer.Dispose();
            throw;
        }
        return writer;
    }

    /// <summary>Takes one encoded record, judging it first. Allocates nothing unless a segment ends.</summary>
    public SpoolStatus Append(ReadOnlySpan<byte> record) =>
        TransitionCodec.TryPeek(record, Schema, out TransitionHeader header) == DecodeStatus.Ok ? Append(header, record) : SpoolStatus.Invalid;

    /// <summary>Takes one record that <see cref="TransitionCodec.TryPeek"/> has found valid under <see cref="Schema"/>: its checksum is not computed again.</summary>
    /// <param name="header">What TryPeek gave.</param>
    /// <param name="record">The record; may be followed by others.</param>
    public SpoolStatus Append(in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        if (IsFaulted)
            return SpoolStatus.Faulted;
        if (header.Robot != Stream.Robot || header.Boot != Stream.Boot || header.SchemaHash != Schema.Hash)
            return SpoolStatus.Invalid;
        if (header.Sequence <= LastAppended)
            return SpoolStatus.Duplicate;
        IsFull = !MakeRoom(header.Length, header.Sequence);
        if (IsFull)
            return IsFaulted ? SpoolStatus.Faulted : SpoolStatus.Full;
        if (_isMarked)
            RemoveMark();
        record[..header.Length].CopyTo(_buffer.AsSpan(_buffered));
        _buffered += header.Length;
        Missing += header.Sequence - LastAppended - 1;
        LastAppended = header.Sequence;
        Appended++;
        _currentRecords += _currentRecords < 0 ? 0 : 1;
        return SpoolStatus.Ok;
    }

    /// <summary>Hands everything taken to the operating system: readers see it, and it survives the death of this process.</summary>
    /// <returns>False where the disk refused; the records stay in memory and the next flush tries again.</returns>
    public bool Flush()
    {
        if (_buffered == 0)
            return true;
        try
        {
            RandomAccess.Write(_file!, _buffer.AsSpan(0, _buffered), _offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is advanced: the same bytes go to the same offset again when there is room.
            Failures++;
            LastFailure = e.Message;
            return false;
        }
        _offset += _buffered;
        _buffered = 0;
        _dirty = true;
        LastFlushed = LastAppended;
        return true;
    }

    /// <summary>Flushes and waits for the disk.</summary>
    /// <returns>False where the disk refused.</returns>
    public bool Commit()
    {
        if (!Flush())
            return false;
        _sync?.Finish();
        TakeSyncResult();
        _oldestUnsyncedNs = long.MinValue;
        if (!_dirty || IsFaulted)
            return !IsFaulted;
        try
        {
            _options.BeforeSync?.Invoke();
            Durable.Sync(_file!);
            _forgotten = Durable.Forget(_file!, _forgotten, Passed);
        }
        catch (IOException e)
        {
            Fault(e.Message);
            return false;
        }
        _dirty = false;
        LastDurable = LastFlushed;
        return true;
    }

    /// <summary>Flushes, and commits where the oldest record that is not durable has waited for the configured interval.</summary>
    /// <returns>True where a commit was made, or finished in the background.</returns>
    public bool Pump(long nowNs)
    {
        bool finished = TakeSyncResult();
        TellStatus(nowNs);
        if (_file is null || IsFaulted || (!_dirty && _buffered == 0) || !Flush())
            return finished;
        if (_oldestUnsyncedNs == long.MinValue)
            _oldestUnsyncedNs = nowNs;
        bool isDue = nowNs - _oldestUnsyncedNs >= _options.CommitIntervalNs;
        if (_sync is null)
            return isDue ? Commit() : finished;
        if (_syncing == 0 && (isDue || _offset - _orderedTo >= EarlySyncBytes))
        {
            _syncing = LastFlushed;
            _orderedTo = _offset;
            _dirty = false; // what is written from now on waits for the next order
            _oldestUnsyncedNs = long.MinValue;
            _sync.Begin(_file, _forgotten, Passed);
        }
        return finished;
    }

    /// <summary>Notes that the learner has persisted everything up to <paramref name="sequence"/>; segments may be deleted when room is needed.</summary>
    public void Acknowledge(ulong sequence) => Acknowledged = Math.Max(Acknowledged, sequence);

    /// <summary>Notes beside the stream that the learner has persisted all of it, where that is so; the next record takes the note away.</summary>
    public void MarkAcknowledged(ulong run)
    {
        if (LastAppended > 0 && Acknowledged >= LastAppended)
            _isMarked = Stream.MarkAcknowledged(Path.GetDirectoryName(_folder)!, LastAppended, run);
    }

    /// <summary>Commits and closes.</summary>
    public void Dispose()
    {
        if (_isOpen)
            Status.Write(_folder);
        _isOpen = false;
        if (_file is not null)
        {
            Commit();
            _file.Dispose();
            _file = null;
        }
        _sync?.Dispose();
        _lock.Dispose();
    }

    // Up to where the current segment will hardly be read again.
    private long Passed => Follower is null ? _offset : Follower.OffsetIn(_current.FirstSequence);

    // What is appended from now on is not acknowledged.
    private void RemoveMark()
    {
        File.Delete(Path.Combine(_folder, SpoolStream.AcknowledgedFile));
        _isMarked = false;
    }

    private StreamStatus Status => new(Acknowledged, _options.MaxBytes, _options.Retention);

    // For people who look at the folder while it is written (`spool info`); once a second where there is news.
    private void TellStatus(long nowNs)
    {
        if (Acknowledged == _toldAcknowledged || nowNs < _statusDueNs)
            return;
        _toldAcknowledged = Acknowledged;
        _statusDueNs = nowNs + StatusIntervalNs;
        Status.Write(_folder);
    }

    private bool TakeSyncResult()
    {
        if (_syncing == 0 || !_sync!.IsIdle)
            return false;
        _forgotten = _sync.Forgotten;
        if (_sync.Failure is string failure)
            Fault(failure);
        else
            LastDurable = Math.Max(LastDurable, _syncing);
        _syncing = 0;
        return !IsFaulted;
    }

    // After a failed fsync the kernel may have dropped the pages: nothing written since can be promised any more.
    private void Fault(string failure)
    {
        Failures++;
        LastFailure = failure;
        IsFaulted = true;
    }
}
