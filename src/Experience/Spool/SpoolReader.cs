using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>Reads the transitions of one stream in order, from any sequence number, also while they are being written.</summary>
/// <remarks>One thread. Allocates only when it moves to another segment. Bytes on disk are judged like bytes from a network.</remarks>
public sealed class SpoolReader : IDisposable
{
    private const int MinBufferBytes = 256 * 1024;

    private readonly string _folder;
    private readonly SpoolStream _stream;
    private readonly TransitionSchema _schema;
    private readonly SpoolWriter? _writer;
    private readonly byte[] _buffer;
    private SafeFileHandle? _file;
    private ulong _segmentFirst;
    private long _fileOffset;
    private int _position;
    private int _count;
    private ulong _after;
    private bool _inDamage;

    /// <summary>Follows what <paramref name="writer"/> writes, in the same thread: nothing is asked of the disk while there is nothing new.</summary>
    public SpoolReader(SpoolWriter writer)
        : this((writer ?? throw new ArgumentNullException(nameof(writer))).Folder, writer.Stream, writer.Schema)
    {
        _writer = writer;
        writer.Follower = this;
    }

    /// <summary>Reads a stream that is complete, or that another process writes.</summary>
    /// <param name="root">Folder of the spool or store.</param>
    /// <param name="stream">Whose transitions.</param>
    /// <param name="schema">Shape of the records.</param>
    public static SpoolReader Open(string root, SpoolStream stream, TransitionSchema schema) => new(stream.PathIn(root), stream, schema);

    private SpoolReader(string folder, SpoolStream stream, TransitionSchema schema)
    {
        _folder = folder;
        _stream = stream;
        _schema = schema;
        _buffer = GC.AllocateArray<byte>(Math.Max(MinBufferBytes, schema.FinalRecordLength), pinned: true);
    }

    /// <summary>Whose transitions.</summary>
    public SpoolStream Stream => _stream;

    /// <summary>Shape of the records.</summary>
    public TransitionSchema Schema => _schema;

    /// <summary>Sequence number of the record given last, or sought.</summary>
    public ulong Position => _after;

    /// <summary>Places where bytes had to be stepped over to find the next whole record.</summary>
    public long Damages { get; private set; }

    /// <summary>The next record given is the first with a sequence number above <paramref name="sequence"/>.</summary>
    public void Seek(ulong sequence)
    {
        bool backwards = sequence < _after;
        _after = sequence;
        if (backwards || _file is null)
            CloseSegment();
    }

    /// <summary>Gives the next record.</summary>
    /// <param name="record">Its bytes, valid until the next call.</param>
    /// <param name="header">Its routing fields.</param>
    /// <returns>False where there is nothing more at this time.</returns>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record, out TransitionHeader header)
    {
        record = default;
        header = default;
        if (_writer is not null && _after >= _writer.LastFlushed)
            return false;
        while (_file is not null || OpenSegment())
        {
            DecodeStatus status = TransitionCodec.TryPeek(_buffer.AsSpan(_position, _count - _position), _schema, out header);
            if (status == DecodeStatus.Ok && Belongs(header))
            {
                _inDamage = false;
                _position += header.Length;
                if (header.Sequence <= _after)
                    continue;
                record = _buffer.AsSpan(_position - header.Length, header.Length);
                _after = header.Sequence;
                return true;
            }
            if (status == DecodeStatus.Incomplete && Refill())
                continue;
            if (status != DecodeStatus.Incomplete || (_inDamage && _position < _count))
                StepOverDamage();
            else if (!NextSegment())
                return false;
        }
        return false;
    }

    /// <summary>Closes the open segment.</summary>
    public void Dispose()
    {
        CloseSegment();
        if (_writer?.Follower == this)
            _writer.Follower = null;
    }

    /// <summary>How far the segment that starts with <paramref name="firstSequence"/> has been read, bytes; 0 where it has not been reached.</summary>
    internal long OffsetIn(ulong firstSequence) => _file is not null && _segmentFirst == firstSequence ? _fileOffset + _position : 0;

    private bool Belongs(in TransitionHeader header) => header.Robot == _stream.Robot && header.Boot == _stream.Boot;

    private bool Refill()
    {
        int kept = _count - _position;
        _fileOffset += _position;
        _position = 0;
        _count = RandomAccess.Read(_file!, _buffer, _fileOffset);
        return _count > kept;
    }

    // Looks for the next whole record byte by byte: a damaged one takes nothing else with it.
    private void StepOverDamage()
    {
        Damages += _inDamage ? 0 : 1;
        _inDamage = true;
        _position++;
    }

    // The segment to start with is the last one that starts at or before the wanted sequence.
    private bool OpenSegment()
    {
        IReadOnlyList<SegmentFile> segments = SegmentFile.List(_folder);
        int start = segments.Count - 1;
        while (start > 0 && segments[start].FirstSequence > _after + 1)
            start--;
        for (int i = Math.Max(start, 0); i < segments.Count; i++)
        {
            if (TryOpen(segments[i]))
                return true;
        }
        return false;
    }

    private bool NextSegment()
    {
        if (_writer is not null && _writer.CurrentFirstSequence == _segmentFirst)
            return false;
        foreach (SegmentFile segment in SegmentFile.List(_folder))
        {
            if (segment.FirstSequence <= _segmentFirst)
                continue;
            // The writer closed this segment before it made the next: what it wrote last may have come after our last look.
            if (_file is not null && Refill())
                return true;
            if (_writer is not null && _file is not null)
                Durable.Forget(_file, 0, _fileOffset + _position);
            if (TryOpen(segment))
                return true;
        }
        return false;
    }

    private bool TryOpen(SegmentFile segment)
    {
        CloseSegment();
        SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int count = RandomAccess.Read(file, _buffer, 0);
        DecodeStatus status = SegmentHeader.TryRead(_buffer.AsSpan(0, count), out SegmentHeader? header);
        if (status != DecodeStatus.Ok || header!.Stream != _stream || !header.Schema.Equals(_schema))
        {
            file.Dispose();
            return false;
        }
        _file = file;
        _segmentFirst = segment.FirstSequence;
        _fileOffset = 0;
        _count = count;
        _position = header.Length;
        return true;
    }

    private void CloseSegment()
    {
        _file?.Dispose();
        _file = null;
        _position = 0;
        _count = 0;
        _fileOffset = 0;
        _inDamage = false;
    }
}
