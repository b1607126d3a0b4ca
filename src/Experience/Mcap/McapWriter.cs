namespace Robotics.Experience;

/// <summary>Writes transitions as an MCAP file of the ROS 2 profile (mcap.dev/spec): uncompressed chunks, CDR messages, an index at the end.</summary>
/// <remarks>One thread. A file that was not closed has no index, and is still read by scanning, as the specification foresees.</remarks>
public sealed class McapWriter : IDisposable
{
    private const int ChunkBytes = 1 << 20; // the reference writers' order of magnitude
    private const ushort SchemaId = 1, ChannelId = 1;
    private const string Topic = "/robotics/transition";

    /// <summary>Metadata that holds the transitions' schema description (docs/formats/transition.md) in hexadecimal digits: name/key.</summary>
    internal const string SchemaMetadata = "robotics/schema";

    internal static ReadOnlySpan<byte> Magic => [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A];

    private readonly Stream _stream;
    private readonly McapBuffer _chunk = new();
    private readonly McapBuffer _record = new();
    private readonly List<(ulong Time, ulong Offset)> _inChunk = [];
    private readonly List<ChunkPlace> _chunks = [];
    private ulong _written, _messages, _first = ulong.MaxValue, _last;
    private bool _closed;

    /// <summary>Begins a file on <paramref name="stream"/>, which stays with its owner.</summary>
    /// <param name="stream">Written in order.</param>
    /// <param name="schema">Shape of the transitions; it goes into the file's metadata.</param>
    public McapWriter(Stream stream, TransitionSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        Put(Magic);
        _record.Clear();
        _record.Text("ros2");
        _record.Text("robotics");
        PutRecord(0x01);
        PutSchemaMetadata(schema);
        DescribeSchema(_chunk);
        DescribeChannel(_chunk);
    }

    private readonly record struct ChunkPlace(ulong Start, ulong Length, ulong First, ulong Last, ulong IndexOffset, ulong IndexLength, ulong Size);

    /// <summary>Messages written.</summary>
    public long Messages => (long)_messages;

    /// <summary>Adds a transition; its sample time is the log time.</summary>
    public void Write(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ulong time = (ulong)Math.Max(0, record.SampleTimeNs);
        _record.Clear();
        _record.U16(ChannelId);
        _record.U32((uint)record.Identity.Sequence);
        _record.U64(time);
        _record.U64((ulong)Math.Max(0, record.CommandTimeNs));
        TransitionMessage.Write(record, _record);
        _inChunk.Add((time, (ulong)_chunk.Length));
        Append(_chunk, 0x05, _record);
        _first = Math.Min(_first, time);
        _last = Math.Max(_last, time);
        _messages++;
        if (_chunk.Length >= ChunkBytes)
            EndChunk();
    }

    /// <summary>Writes the last chunk, the index and the end.</summary>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        EndChunk();
        _record.Clear();
        _record.U32(0); // no checksum of the data section: each chunk has its own
        PutRecord(0x0F);
        PutSummary();
        Put(Magic);
        _stream.Flush();
    }

    private void PutSchemaMetadata(TransitionSchema schema)
    {
        string[] name = SchemaMetadata.Split('/');
        string value = Convert.ToHexStringLower(schema.Description);
        _record.Clear();
        _record.Text(name[0]);
        _record.U32((uint)(4 + name[1].Length + 4 + value.Length));
        _record.Text(name[1]);
        _record.Text(value);
        PutRecord(0x0C);
    }

    private void PutSummary()
    {
        ulong start = _written;
        _chunk.Clear();
        DescribeSchema(_chunk);
        DescribeChannel(_chunk);
        foreach (ChunkPlace place in _chunks)
        {
            _record.Clear();
            _record.U64(place.First);
            _record.U64(place.Last);
            _record.U64(place.Start);
            _record.U64(place.Length);
            _record.U32(10); // bytes of the one entry that follows
            _record.U16(ChannelId);
            _record.U64(place.IndexOffset);
            _record.U64(place.IndexLength);
            _record.Text("");
            _record.U64(place.Size);
            _record.U64(place.Size);
            Append(_chunk, 0x08, _record);
        }
        _record.Clear();
        _record.U64(_messages);
        _record.U16(1); // schemas
        _record.U32(1); // channels
        _record.U32(0); // attachments
        _record.U32(1); // metadata
        _record.U32((uint)_chunks.Count);
        _record.U64(_messages == 0 ? 0 : _first);
        _record.U64(_last);
        _record.U32(10);
        _record.U16(ChannelId);
        _record.U64(_messages);
        Append(_chunk, 0x0B, _record);
        Put(_chunk.Written);
        _record.Clear();
        _record.U64(start);
        _record.U64(0); // no summary offsets: the summary is short
        _record.U32(0); // no checksum of the summary
        PutRecord(0x02);
    }

    private void EndChunk()
    {
        if (_inChunk.Count == 0 && _chunks.Count > 0)
            return;
        ulong first = _inChunk.Count == 0 ? 0 : _inChunk.Min(m => m.Time), last = _inChunk.Count == 0 ? 0 : _inChunk.Max(m => m.Time);
        ulong start = _written;
        _record.Clear();
        _record.U64(first);
        _record.U64(last);
        _record.U64((ulong)_chunk.Length);
        _record.U32(Crc32.Append(0, _chunk.Written));
        _record.Text("");
        _record.U64((ulong)_chunk.Length);
        _record.Bytes(_chunk.Written);
        PutRecord(0x06);
        ulong index = _written;
        _record.Clear();
        _record.U16(ChannelId);
        _record.U32((uint)(_inChunk.Count * 16));
        foreach ((ulong time, ulong offset) in _inChunk)
        {
            _record.U64(time);
            _record.U64(offset);
        }
        PutRecord(0x07);
        _chunks.Add(new ChunkPlace(start, index - start, first, last, index, _written - index, (ulong)_chunk.Length));
        _chunk.Clear();
        _inChunk.Clear();
    }

    private void DescribeSchema(McapBuffer target)
    {
        _record.Clear();
        _record.U16(SchemaId);
        _record.Text(TransitionMessage.TypeName);
        _record.Text("ros2msg");
        _record.Text(TransitionMessage.Definition);
        Append(target, 0x03, _record);
    }

    private void DescribeChannel(McapBuffer target)
    {
        const string key = "offered_qos_profiles"; // the profile demands it; empty as for a topic without publishers
        _record.Clear();
        _record.U16(ChannelId);
        _record.U16(SchemaId);
        _record.Text(Topic);
        _record.Text("cdr");
        _record.U32((uint)(4 + key.Length + 4));
        _record.Text(key);
        _record.Text("");
        Append(target, 0x04, _record);
    }

    private static void Append(McapBuffer target, byte opcode, McapBuffer content)
    {
        target.U8(opcode);
        target.U64((ulong)content.Length);
        target.Bytes(content.Written);
    }

    private void PutRecord(byte opcode)
    {
        Span<byte> head = stackalloc byte[9];
        head[0] = opcode;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(head[1..], (ulong)_record.Length);
        Put(head);
        Put(_record.Written);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _written += (ulong)bytes.Length;
    }
}
