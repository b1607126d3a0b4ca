using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>The learner's persistent transitions: one stream per robot and boot, in the form of docs/formats/spool.md.</summary>
/// <remarks>One thread.</remarks>
public sealed class ExperienceStore : IDisposable
{
    private const int SegmentsWithinBound = 8; // given up one at a time: an eighth of the store at most

    private readonly SpoolOptions _options;
    private readonly StoreBound _bound;
    private readonly Dictionary<SpoolStream, SpoolWriter> _open = [];
    private readonly ArrivalOrder _arrivals;
    private long _closedBytes; // of streams that are not open; kept where there is a bound

    /// <summary>A store below <paramref name="root"/>, which is made where it is not there.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="options">How its disk is used.</param>
    /// <param name="bound">How large it may grow; null for no bound.</param>
    /// <exception cref="SpoolException">The folder cannot be made.</exception>
    public ExperienceStore(string root, SpoolOptions? options = null, StoreBound? bound = null)
    {
        Root = root;
        _bound = bound ?? new StoreBound();
        _options = options ?? new SpoolOptions();
        if (_bound.MaxBytes > 0)
            _options = _options with { SegmentBytes = Math.Min(_options.SegmentBytes, _bound.MaxBytes / SegmentsWithinBound) };
        try
        {
            Directory.CreateDirectory(root);
            _arrivals = new ArrivalOrder(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"cannot make or open the store {root}: {e.Message}", e);
        }
        if (_bound.MaxBytes > 0)
            _closedBytes = SpoolStream.List(root).Sum(BytesOf);
    }

    /// <summary>Folder of the store.</summary>
    public string Root { get; }

    /// <summary>Bytes of all segments; 0 where the store has no bound and nobody counts.</summary>
    public long Bytes => _bound.MaxBytes == 0 ? 0 : _closedBytes + _open.Values.Sum(w => w.Bytes);

    /// <summary>Why segments could not be given up the last time; empty while all is well.</summary>
    public string BoundTrouble { get; private set; } = "";

    /// <summary>Streams that are open for appending, as a copy.</summary>
    public IReadOnlyList<SpoolStream> OpenStreams => [.. _open.Keys];

    /// <summary>Opens a stream for appending, recovering what is there.</summary>
    /// <exception cref="SpoolException">It belongs to another schema, somebody else writes it, or the disk says no.</exception>
    public SpoolWriter Open(SpoolStream stream, TransitionSchema schema)
    {
        if (_open.TryGetValue(stream, out SpoolWriter? writer))
        {
            if (!writer.Schema.Equals(schema))
                throw new SpoolException($"{writer.Folder} is being written under schema {writer.Schema}, asked for {schema}");
            return writer;
        }
        long before = _bound.MaxBytes > 0 ? BytesOf(stream) : 0;
        writer = SpoolWriter.Open(Root, stream, schema, _options);
        _open.Add(stream, writer);
        _closedBytes -= before;
        return writer;
    }

    /// <summary>Commits and closes a stream that no session needs any more.</summary>
    public void Close(SpoolStream stream)
    {
        if (!_open.Remove(stream, out SpoolWriter? writer))
            return;
        _closedBytes += writer.Bytes;
        writer.Dispose();
    }

    /// <summary>Appends a transition to a stream of this store, and notes whose turn it was.</summary>
    /// <returns>As the stream's writer says, or <see cref="SpoolStatus.Full"/> where the bound is reached and nothing may be given up.</returns>
    public SpoolStatus Append(SpoolWriter stream, in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (header.Sequence > stream.LastAppended && !HasRoom(header.Length))
            return SpoolStatus.Full;
        SpoolStatus status = stream.Append(header, record);
        if (status == SpoolStatus.Ok)
            _arrivals.Took(stream.Stream, header.Sequence);
        return status;
    }

    /// <summary>Flushes all streams, and commits those that are due.</summary>
    public void Pump(long nowNs)
    {
        _arrivals.TryFlush(durable: false); // before the streams: what is behind the last turn is of one stream
        foreach (SpoolWriter writer in _open.Values)
            writer.Pump(nowNs);
        if (_bound is { DropsOldest: true, MaxBytes: > 0 } && Bytes > _bound.MaxBytes)
            DropOldest();
    }

    /// <summary>Makes everything durable.</summary>
    /// <returns>False where a disk refused.</returns>
    public bool Commit()
    {
        bool whole = _arrivals.TryFlush(durable: true);
        foreach (SpoolWriter writer in _open.Values)
            whole &= writer.Commit();
        return whole;
    }

    /// <summary>Hands everything stored to <paramref name="sink"/>, in the order in which it arrived: how a restarted trainer gets back what its
    /// checkpoint lacks. What arrived just before a power cut, behind the last commit, comes stream by stream.</summary>
    /// <param name="sink">Who takes it.</param>
    /// <param name="after">Per stream, the sequence the sink already has; streams not named are handed over from their start.</param>
    /// <returns>Transitions handed over.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public long Replay(ITransitionSink sink, IReadOnlyDictionary<SpoolStream, ulong>? after = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        foreach (SpoolWriter writer in _open.Values)
            writer.Flush();
        using var stored = new StoredTransitions(Root, after, sink);
        foreach (ArrivalOrder.Turn turn in _arrivals.Read())
            stored.Hand(turn.Stream, turn.Last);
        foreach (SpoolStream stream in SpoolStream.List(Root))
        {
            ulong last = stored.Hand(stream, ulong.MaxValue);
            if (last > 0)
                _arrivals.Took(stream, last);
        }
        return stored.Count;
    }

    /// <summary>Bytes stored of one robot in all its boots.</summary>
    public long BytesOf(ulong robot) => SpoolStream.List(Root).Where(s => s.Robot == robot).Sum(BytesOf);

    /// <summary>Transitions that were given up to keep within the bound, in all streams.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public long DroppedRecords() => SpoolStream.List(Root).Sum(s => DroppedNote.Read(s.PathIn(Root)).Records);

    /// <summary>Commits and closes everything.</summary>
    public void Dispose()
    {
        foreach (SpoolWriter writer in _open.Values)
            writer.Dispose();
        _open.Clear();
        _arrivals.Dispose();
    }

    private bool HasRoom(int length) => _bound.MaxBytes == 0 || _bound.DropsOldest || Bytes + length <= _bound.MaxBytes;

    private long BytesOf(SpoolStream stream) => SegmentFile.List(stream.PathIn(Root)).Sum(s => new FileInfo(s.Path).Length);

    // Whole segments, the one begun longest ago first, until the store is within its bound; the segments being written stay.
    private void DropOldest()
    {
        try
        {
            while (Bytes > _bound.MaxBytes && TryDropOne())
                BoundTrouble = "";
            _arrivals.Compact(s => Directory.Exists(s.PathIn(Root)) ? DroppedNote.Read(s.PathIn(Root)).Sequence : ulong.MaxValue);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            BoundTrouble = e.Message; // the store stays larger than it should; the next pump tries again
        }
    }

    private bool TryDropOne()
    {
        foreach (SpoolStream stream in SpoolStream.List(Root))
        {
            if (_open.TryGetValue(stream, out SpoolWriter? writer) ? writer.DropOldest() > 0 : TryDropOfClosed(stream))
                return true;
        }
        return false;
    }

    private bool TryDropOfClosed(SpoolStream stream)
    {
        string folder = stream.PathIn(Root);
        if (SegmentFile.List(folder) is not [SegmentFile oldest, ..])
            return false;
        SegmentScan scan = SegmentScan.Of(oldest.Path);
        new ClosedSegment(oldest, scan.Last, scan.FileBytes, scan.Records).GiveUp(folder, DroppedNote.Read(folder));
        _closedBytes -= scan.FileBytes;
        return true;
    }
}
