using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>Hands the transitions of a store over, a stretch of one stream at a time.</summary>
/// <remarks>A robot's boots come one after the other, so at most one file per robot is open. One thread.</remarks>
internal sealed class StoredTransitions(string root, IReadOnlyDictionary<SpoolStream, ulong>? after, ITransitionSink sink) : IDisposable
{
    private readonly Dictionary<ulong, SpoolReader> _open = []; // by robot
    private readonly Dictionary<SpoolStream, ulong> _handed = [];

    /// <summary>Transitions handed over.</summary>
    public long Count { get; private set; }

    /// <summary>Hands over what <paramref name="stream"/> holds behind what was handed over before.</summary>
    /// <param name="stream">Whose.</param>
    /// <param name="last">The last sequence number of the stretch.</param>
    /// <returns>The sequence number handed over last; 0 where nothing more was there.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ulong Hand(SpoolStream stream, ulong last)
    {
        ulong handed = HandedOf(stream);
        if (handed >= last || !stream.HasSegments(root))
            return 0;
        SpoolReader reader = ReaderOf(stream, handed);
        long before = Count;
        while (handed < last && reader.TryRead(out ReadOnlySpan<byte> record, out TransitionHeader header))
        {
            sink.Ingest(reader.Schema, header, record);
            handed = header.Sequence;
            Count++;
        }
        _handed[stream] = handed;
        return Count > before ? handed : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SpoolReader reader in _open.Values)
            reader.Dispose();
    }

    private ulong HandedOf(SpoolStream stream)
    {
        if (_handed.TryGetValue(stream, out ulong handed))
            return handed;
        ulong dropped = DroppedNote.Read(stream.PathIn(root)).Sequence; // a crash may have left some of it
        return after is not null && after.TryGetValue(stream, out ulong asked) ? Math.Max(asked, dropped) : dropped;
    }

    private SpoolReader ReaderOf(SpoolStream stream, ulong handed)
    {
        if (_open.TryGetValue(stream.Robot, out SpoolReader? reader) && reader.Stream == stream)
            return reader;
        reader?.Dispose();
        reader = SpoolReader.Open(root, stream, SpoolVerifier.SchemaOf(root, stream));
        reader.Seek(handed);
        return _open[stream.Robot] = reader;
    }
}
