using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Runtime;

/// <summary>What is to be sent: the boots that ended with records left, oldest first, then the present one; and what is on its way.</summary>
/// <remarks>One stream at a time: a hello opens each. One thread.</remarks>
internal sealed class Uplink : IDisposable
{
    private readonly SpoolWriter _spool;
    private readonly string _root;
    private readonly Queue<SpoolStream> _earlier = new();
    private readonly Queue<(ulong Last, int Bytes)> _onTheirWay = new();
    private byte[] _frame = [];
    private TransitionRecord? _record; // only where the learner wants another form than the bytes at hand
    private SpoolReader? _reader;
    private int _pendingBytes;
    private uint _pendingCount;
    private ulong _pendingPrevious;
    private long _bytesOnTheirWay;

    public Uplink(SpoolWriter spool, bool sendEarlierBoots)
    {
        _spool = spool;
        _root = Path.GetDirectoryName(spool.Folder) ?? "";
        if (sendEarlierBoots)
        {
            foreach (SpoolStream stream in SpoolStream.List(_root))
            {
                if (stream != spool.Stream && !File.Exists(Path.Combine(stream.PathIn(_root), SpoolStream.AcknowledgedFile)))
                    _earlier.Enqueue(stream);
            }
        }
        Next();
    }

    /// <summary>The reader of the stream being sent.</summary>
    public SpoolReader Reader => _reader!;

    /// <summary>True where the stream being sent is the present boot's.</summary>
    public bool IsCurrent { get; private set; }

    /// <summary>Streams of earlier boots still to be sent, the present one of them included.</summary>
    public int EarlierLeft => _earlier.Count + (IsCurrent ? 0 : 1);

    /// <summary>Greatest sequence of the stream being sent that the learner has taken in.</summary>
    public ulong Ingested { get; private set; }

    /// <summary>Form in which the learner wants the records.</summary>
    public LinkEncoding Encoding { get; set; }

    /// <summary>Records are on their way.</summary>
    public bool IsWaiting => _onTheirWay.Count > 0;

    /// <summary>Starts (again) behind <paramref name="after"/>.</summary>
    public void Rewind(ulong after)
    {
        Ingested = after;
        _reader!.Seek(after);
        _onTheirWay.Clear();
        _bytesOnTheirWay = 0;
        _pendingCount = 0;
        _pendingBytes = 0;
    }

    /// <summary>Notes what the learner has taken in.</summary>
    /// <returns>True where that is more than before.</returns>
    public bool NoteIngested(ulong sequence)
    {
        bool isMore = sequence > Ingested;
        Ingested = Math.Max(Ingested, sequence);
        while (_onTheirWay.TryPeek(out (ulong Last, int Bytes) batch) && batch.Last <= sequence)
        {
            _bytesOnTheirWay -= batch.Bytes;
            _onTheirWay.Dequeue();
        }
        return isMore;
    }

    /// <summary>Fills and sends data frames until the window is full, there is nothing more, or the channel refuses.</summary>
    public void Send(IEdgeChannel channel, uint session, long windowBytes, EdgeLinkCounters counters)
    {
        while (_bytesOnTheirWay < windowBytes && (_pendingCount > 0 || Fill()))
        {
            if (!channel.TrySend(DataMessage.Finish(_frame, session, _pendingPrevious, _pendingCount, _pendingBytes)))
                return;
            counters.RecordsSent += _pendingCount;
            counters.BytesSent += _pendingBytes;
            _onTheirWay.Enqueue((_reader!.Position, _pendingBytes));
            _bytesOnTheirWay += _pendingBytes;
            _pendingCount = 0;
        }
    }

    /// <summary>True where an earlier boot is wholly persisted, so that the next stream may begin.</summary>
    public bool IsEarlierDone(ulong persisted) => !IsCurrent && _pendingCount == 0 && _reader!.Position <= persisted && !Fill();

    /// <summary>Leaves the stream being sent for the next one.</summary>
    /// <param name="persisted">Where given, the stream is marked as persisted up to there and never offered again.</param>
    /// <param name="run">The learner's run, for the mark.</param>
    public void Leave(ulong? persisted, ulong run)
    {
        if (persisted is not null)
            _reader!.Stream.MarkAcknowledged(_root, persisted.Value, run);
        Next();
    }

    /// <summary>Marks the present boot where all of it is persisted: the next start need not ask.</summary>
    public void MarkCurrent(ulong run) => _spool.MarkAcknowledged(run);

    public void Dispose() => _reader?.Dispose();

    private void Next()
    {
        _reader?.Dispose();
        _reader = null;
        while (_reader is null && _earlier.TryDequeue(out SpoolStream stream))
            _reader = TryOpen(stream);
        IsCurrent = _reader is null;
        _reader ??= new SpoolReader(_spool);
        int capacity = DataMessage.HeaderLength + LinkLimits.DataFrameBytes + TransitionMessagePack.MaxLength(_reader.Schema) + LinkFrame.ChecksumLength;
        if (_frame.Length < capacity)
            _frame = new byte[capacity];
        _record = null;
        Rewind(0);
    }

    // An ended boot whose files cannot be read stays where it is for `spool repair`; it must not keep the present one waiting.
    private SpoolReader? TryOpen(SpoolStream stream)
    {
        try
        {
            return SpoolReader.Open(_root, stream, SpoolVerifier.SchemaOf(_root, stream));
        }
        catch (Exception e) when (e is SpoolException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool Fill()
    {
        _pendingPrevious = _reader!.Position;
        _pendingCount = 0;
        _pendingBytes = 0;
        while (_pendingBytes < LinkLimits.DataFrameBytes && _reader.TryRead(out ReadOnlySpan<byte> record, out _))
        {
            _pendingBytes += Put(record, _frame.AsSpan(DataMessage.HeaderLength + _pendingBytes));
            _pendingCount++;
        }
        return _pendingCount > 0;
    }

    private int Put(ReadOnlySpan<byte> record, Span<byte> target)
    {
        if (Encoding == LinkEncoding.MessagePack)
        {
            _record ??= new TransitionRecord(_reader!.Schema);
            TransitionCodec.TryDecode(record, _record, out _);
            return TransitionMessagePack.Encode(_record, target);
        }
        record.CopyTo(target);
        return record.Length;
    }
}
