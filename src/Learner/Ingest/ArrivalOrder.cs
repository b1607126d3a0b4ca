using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Robotics.Core;
using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>In which order the transitions of several robots arrived: file <c>arrivals</c> beside the streams of a store (docs/formats/spool.md).</summary>
/// <remarks>An entry is written whenever another stream's turn begins, so one robot alone costs nothing. What is behind the last entry is of one
/// stream, as long as the file was flushed before the streams were. One thread.</remarks>
internal sealed class ArrivalOrder : IDisposable
{
    private const int EntryBytes = 32;
    private const int BufferedEntries = 256; // as many turns as one poll of the endpoint has frames
    private const long CompactFromBytes = 1 << 20; // below that nobody minds

    private readonly string _path;
    private byte[] _buffer = new byte[BufferedEntries * EntryBytes];
    private SafeFileHandle _file;
    private long _length; // of the entries in the file
    private int _buffered;
    private bool _isDurable = true;
    private long _compactAtBytes = CompactFromBytes;
    private SpoolStream _stream; // whose turn it is; no stream at first
    private ulong _sequence;

    /// <summary>The order of the store in <paramref name="root"/>; what a crash left behind its last whole entry is cut off.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public ArrivalOrder(string root)
    {
        _path = Path.Combine(root, "arrivals");
        _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        _length = (long)Read().Count * EntryBytes;
        RandomAccess.SetLength(_file, _length);
    }

    /// <summary>What the system said at the last failure, for people; empty while all is well.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>A transition was taken in. Touches memory only.</summary>
    public void Took(SpoolStream stream, ulong sequence)
    {
        if (stream != _stream && _sequence > 0)
            Append(new Turn(_stream, _sequence));
        (_stream, _sequence) = (stream, sequence);
    }

    /// <summary>The turns so far, but for the present one: whose it was, and up to which of its sequence numbers.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<Turn> Read()
    {
        Flush();
        byte[] bytes = new byte[RandomAccess.GetLength(_file) / EntryBytes * EntryBytes];
        int length = RandomAccess.Read(_file, bytes, 0);
        var turns = new List<Turn>(length / EntryBytes);
        for (int at = 0; at + EntryBytes <= length && Turn.TryRead(bytes.AsSpan(at, EntryBytes), out Turn turn); at += EntryBytes)
            turns.Add(turn);
        return turns;
    }

    /// <summary>Hands what is buffered to the system, so that it survives the process, and with <paramref name="durable"/> a power cut.</summary>
    /// <returns>False where the disk refused; it is tried again with the next call.</returns>
    public bool TryFlush(bool durable)
    {
        try
        {
            Flush();
            if (durable && !_isDurable)
                RandomAccess.FlushToDisk(_file);
            _isDurable |= durable;
            LastFailure = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LastFailure = e.Message;
            return false;
        }
    }

    /// <summary>Drops the turns that are wholly given up, now and then.</summary>
    /// <param name="givenUp">Up to which sequence number a stream is.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Compact(Func<SpoolStream, ulong> givenUp)
    {
        if (_length < _compactAtBytes)
            return;
        List<Turn> kept = [.. Read().Where(t => t.Last > givenUp(t.Stream))];
        byte[] bytes = new byte[kept.Count * EntryBytes];
        for (int i = 0; i < kept.Count; i++)
            kept[i].Write(bytes.AsSpan(i * EntryBytes, EntryBytes));
        string temporary = _path + ".new";
        SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, 0);
        RandomAccess.FlushToDisk(file);
        File.Move(temporary, _path, overwrite: true);
        _file.Dispose();
        (_file, _length) = (file, bytes.Length);
        _compactAtBytes = Math.Max(CompactFromBytes, 2 * _length);
    }

    /// <summary>Writes what is buffered and closes the file.</summary>
    public void Dispose()
    {
        TryFlush(durable: false);
        _file.Dispose();
    }

    private void Flush()
    {
        if (_buffered == 0)
            return;
        RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), _length);
        _length += _buffered;
        (_buffered, _isDurable) = (0, false);
    }

    private void Append(in Turn turn)
    {
        if (_buffered == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        turn.Write(_buffer.AsSpan(_buffered, EntryBytes));
        _buffered += EntryBytes;
    }

    /// <summary>Transitions of one stream that arrived with no other's between them, and behind all earlier turns.</summary>
    /// <param name="Stream">Whose.</param>
    /// <param name="Last">The last one's sequence number.</param>
    internal readonly record struct Turn(SpoolStream Stream, ulong Last)
    {
        // robot, boot, last sequence (u64, little endian), zeros, CRC-32C of all before
        public void Write(Span<byte> entry)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(entry, Stream.Robot);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], Stream.Boot);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Last);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], 0);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], Crc32C.Compute(entry[..28]));
        }

        public static bool TryRead(ReadOnlySpan<byte> entry, out Turn turn)
        {
            ulong robot = BinaryPrimitives.ReadUInt64LittleEndian(entry), boot = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            turn = new Turn(new SpoolStream(robot, boot), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
            return BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]) == Crc32C.Compute(entry[..28]);
        }
    }
}
