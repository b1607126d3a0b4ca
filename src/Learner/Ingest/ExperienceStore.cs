using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>The learner's persistent transitions: one stream per robot and boot, in the form of docs/formats/spool.md.</summary>
/// <remarks>One thread.</remarks>
public sealed class ExperienceStore : IDisposable
{
    private readonly SpoolOptions _options;
    private readonly Dictionary<SpoolStream, SpoolWriter> _open = [];

    /// <summary>A store below <paramref name="root"/>, which is made where it is not there.</summary>
    /// <exception cref="SpoolException">The folder cannot be made.</exception>
    public ExperienceStore(string root, SpoolOptions? options = null)
    {
        Root = root;
        _options = options ?? new SpoolOptions();
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"cannot make the store {root}: {e.Message}", e);
        }
    }

    /// <summary>Folder of the store.</summary>
    public string Root { get; }

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
        writer = SpoolWriter.Open(Root, stream, schema, _options);
        _open.Add(stream, writer);
        return writer;
    }

    /// <summary>Commits and closes a stream that no session needs any more.</summary>
    public void Close(SpoolStream stream)
    {
        if (_open.Remove(stream, out SpoolWriter? writer))
            writer.Dispose();
    }

    /// <summary>Flushes all streams, and commits those that are due.</summary>
    public void Pump(long nowNs)
    {
        foreach (SpoolWriter writer in _open.Values)
            writer.Pump(nowNs);
    }

    /// <summary>Makes everything durable.</summary>
    /// <returns>False where a disk refused.</returns>
    public bool Commit()
    {
        bool whole = true;
        foreach (SpoolWriter writer in _open.Values)
            whole &= writer.Commit();
        return whole;
    }

    /// <summary>Hands everything stored to <paramref name="sink"/>, stream by stream, oldest first: how a restarted trainer gets back what its checkpoint lacks.</summary>
    /// <param name="sink">Who takes it.</param>
    /// <param name="after">Per stream, the sequence the sink already has; streams not named are handed over from their start.</param>
    /// <returns>Transitions handed over.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public long Replay(ITransitionSink sink, IReadOnlyDictionary<SpoolStream, ulong>? after = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        long count = 0;
        foreach (SpoolWriter writer in _open.Values)
            writer.Flush();
        foreach (SpoolStream stream in SpoolStream.List(Root))
        {
            if (SegmentFile.List(stream.PathIn(Root)).Count == 0)
                continue;
            TransitionSchema schema = SpoolVerifier.SchemaOf(Root, stream);
            using SpoolReader reader = SpoolReader.Open(Root, stream, schema);
            reader.Seek(after is not null && after.TryGetValue(stream, out ulong sequence) ? sequence : 0);
            while (reader.TryRead(out ReadOnlySpan<byte> record, out TransitionHeader header))
            {
                sink.Ingest(schema, header, record);
                count++;
            }
        }
        return count;
    }

    /// <summary>Bytes stored of one robot in all its boots.</summary>
    public long BytesOf(ulong robot)
    {
        long bytes = 0;
        foreach (SpoolStream stream in SpoolStream.List(Root))
        {
            if (stream.Robot == robot)
                bytes += SegmentFile.List(stream.PathIn(Root)).Sum(s => new FileInfo(s.Path).Length);
        }
        return bytes;
    }

    /// <summary>Commits and closes everything.</summary>
    public void Dispose()
    {
        foreach (SpoolWriter writer in _open.Values)
            writer.Dispose();
        _open.Clear();
    }
}
