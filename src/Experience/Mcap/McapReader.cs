namespace Robotics.Experience;

/// <summary>Reads the messages of an MCAP file (mcap.dev/spec) in the order they lie there, with or without an index, whoever wrote it; chunks must not be compressed.</summary>
/// <remarks>One thread. Files are judged like bytes from a network: statuses, no exceptions, and memory that grows with the bytes that are there, never with a length that was told.</remarks>
public sealed class McapReader
{
    /// <summary>Longest record read, bytes: far beyond the chunks of the usual writers (1 to 4 MiB).</summary>
    public const int MaxRecordBytes = 64 << 20;

    /// <summary>Most channels, schemas or metadata of one file.</summary>
    public const int MaxChannels = 4096;

    private const int HeadBytes = 9; // opcode u8, length u64
    private readonly Stream _stream;
    private readonly Dictionary<ushort, (string Topic, string Type, string Encoding)> _channels = [];
    private readonly Dictionary<ushort, string> _types = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private byte[] _window = new byte[4096];
    private int _start, _count;
    private int _chunkAt, _chunkEnd;
    private bool _begun;
    private McapStatus _ended;

    /// <summary>Begins at the start of <paramref name="stream"/>, which stays with its owner.</summary>
    public McapReader(Stream stream) => _stream = stream ?? throw new ArgumentNullException(nameof(stream));

    /// <summary>Metadata seen so far: <c>name/key</c> to value.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Gives the next message.</summary>
    /// <param name="message">Valid until the next call, where the result is <see cref="McapStatus.Ok"/>.</param>
    /// <returns>Anything but Ok is the end: the next call says the same.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public McapStatus TryRead(out McapMessage message)
    {
        message = default;
        while (_ended == McapStatus.Ok)
        {
            McapStatus status = _chunkAt < _chunkEnd ? NextInChunk(out byte opcode, out ReadOnlySpan<byte> content) : NextInFile(out opcode, out content);
            if (status == McapStatus.Ok)
                status = opcode == 0x05 ? Message(content, out message) : Note(opcode, content);
            if (status == McapStatus.Ok && opcode == 0x05)
                return status;
            _ended = status;
        }
        return _ended;
    }

    private McapStatus NextInChunk(out byte opcode, out ReadOnlySpan<byte> content)
    {
        var cursor = new ByteCursor(_window.AsSpan(_chunkAt, _chunkEnd - _chunkAt));
        opcode = cursor.U8();
        content = cursor.Take(cursor.U64());
        _chunkAt += cursor.Position;
        return cursor.Failed || opcode == 0x06 ? McapStatus.BadLength : McapStatus.Ok; // a chunk holds no chunk
    }

    private McapStatus NextInFile(out byte opcode, out ReadOnlySpan<byte> content)
    {
        opcode = 0;
        content = default;
        if (!_begun && (!Fill(McapWriter.Magic.Length) || !_window.AsSpan(0, McapWriter.Magic.Length).SequenceEqual(McapWriter.Magic)))
            return McapStatus.BadMagic;
        if (!_begun)
            _start = McapWriter.Magic.Length;
        _begun = true;
        if (!Fill(HeadBytes))
            return _start == _count ? McapStatus.End : McapStatus.Truncated;
        var cursor = new ByteCursor(_window.AsSpan(_start, HeadBytes));
        opcode = cursor.U8();
        ulong length = cursor.U64();
        if (length > MaxRecordBytes)
            return McapStatus.BadLength;
        if (!Fill(HeadBytes + (int)length))
            return McapStatus.Truncated;
        content = _window.AsSpan(_start + HeadBytes, (int)length);
        _start += HeadBytes + (int)length;
        return McapStatus.Ok;
    }

    // Everything but messages. Unknown records are stepped over, as the specification asks.
    private McapStatus Note(byte opcode, ReadOnlySpan<byte> content)
    {
        var cursor = new ByteCursor(content);
        switch (opcode)
        {
            case 0x02 or 0x0F: // footer, end of data: what follows is an index of what was read
                return McapStatus.End;
            case 0x03:
                _types[cursor.U16()] = cursor.Text();
                break;
            case 0x04:
                Channel(ref cursor);
                break;
            case 0x06:
                return Chunk(ref cursor, content.Length);
            case 0x0C:
                Meta(ref cursor);
                break;
        }
        bool tooMany = _types.Count > MaxChannels || _channels.Count > MaxChannels || _metadata.Count > MaxChannels;
        return cursor.Failed ? McapStatus.BadLength : tooMany ? McapStatus.BadChannel : McapStatus.Ok;
    }

    private void Channel(ref ByteCursor cursor)
    {
        ushort id = cursor.U16();
        string type = _types.GetValueOrDefault(cursor.U16(), "");
        _channels[id] = (cursor.Text(), type, cursor.Text());
    }

    private void Meta(ref ByteCursor cursor)
    {
        string name = cursor.Text();
        var pairs = new ByteCursor(cursor.Prefixed());
        while (!pairs.Failed && !pairs.AtEnd && _metadata.Count <= MaxChannels)
            _metadata[$"{name}/{pairs.Text()}"] = pairs.Text();
    }

    private McapStatus Chunk(ref ByteCursor cursor, int contentLength)
    {
        cursor.Take(24); // first and last time, size without compression
        uint checksum = cursor.U32();
        ReadOnlySpan<byte> compression = cursor.Prefixed();
        ReadOnlySpan<byte> records = cursor.Take(cursor.U64());
        if (cursor.Failed)
            return McapStatus.BadLength;
        if (!compression.IsEmpty)
            return McapStatus.Compressed;
        if (checksum != 0 && checksum != Crc32.Append(0, records))
            return McapStatus.BadChecksum;
        // The content ends where the next record starts; the records end where the cursor stands in it.
        _chunkEnd = _start - contentLength + cursor.Position;
        _chunkAt = _chunkEnd - records.Length;
        return McapStatus.Ok;
    }

    private McapStatus Message(ReadOnlySpan<byte> content, out McapMessage message)
    {
        message = default;
        var cursor = new ByteCursor(content);
        ushort id = cursor.U16();
        uint sequence = cursor.U32();
        ulong logTime = cursor.U64();
        cursor.U64(); // time of publishing
        if (cursor.Failed)
            return McapStatus.BadLength;
        if (!_channels.TryGetValue(id, out (string Topic, string Type, string Encoding) channel))
            return McapStatus.BadChannel;
        message = new McapMessage
        {
            Topic = channel.Topic,
            Type = channel.Type,
            Encoding = channel.Encoding,
            Sequence = sequence,
            LogTimeNs = logTime,
            Data = cursor.Rest(),
        };
        return McapStatus.Ok;
    }

    // Has `need` bytes from _start on in the window, where the stream has them.
    private bool Fill(int need)
    {
        if (_count - _start >= need)
            return true;
        _window.AsSpan(_start, _count - _start).CopyTo(_window);
        _count -= _start;
        _start = 0;
        while (_count < need)
        {
            if (_count == _window.Length)
                Array.Resize(ref _window, 2 * _window.Length);
            int read = _stream.Read(_window, _count, _window.Length - _count);
            if (read == 0)
                return false;
            _count += read;
        }
        return true;
    }
}
