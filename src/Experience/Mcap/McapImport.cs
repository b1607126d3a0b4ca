namespace Robotics.Experience;

/// <summary>Turns an MCAP file of ours back into a spool: the library behind `robotics spool import`.</summary>
public static class McapImport
{
    /// <summary>Adds all transitions of <paramref name="path"/> to spools below <paramref name="root"/>, one for each robot and boot; those that are there already are left alone.</summary>
    /// <param name="path">The MCAP file; without an index, and torn at its end, as far as it goes.</param>
    /// <param name="root">Folder of the spools.</param>
    /// <param name="status">Why the file ended: <see cref="McapStatus.End"/> where it was whole.</param>
    /// <returns>Transitions added.</returns>
    /// <exception cref="SpoolException">The file holds no transitions of ours, or a spool cannot be written.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static long Read(string path, string root, out McapStatus status)
    {
        using FileStream file = File.OpenRead(path);
        var reader = new McapReader(file);
        var spools = new Dictionary<SpoolStream, SpoolWriter>();
        TransitionRecord? record = null;
        byte[] bytes = [];
        long added = 0;
        try
        {
            while ((status = reader.TryRead(out McapMessage message)) == McapStatus.Ok)
            {
                if (message.Type != TransitionMessage.TypeName || message.Encoding != "cdr")
                    continue;
                record ??= new TransitionRecord(SchemaOf(reader, path));
                bytes = bytes.Length > 0 ? bytes : new byte[record.Schema.FinalRecordLength];
                if (!TransitionMessage.TryRead(message.Data, record))
                    throw new SpoolException($"{path}: message {message.Sequence} of {message.Topic} is no transition of {record.Schema}");
                added += Add(spools, root, record, bytes) ? 1 : 0;
            }
        }
        finally
        {
            foreach (SpoolWriter spool in spools.Values)
                spool.Dispose();
        }
        return added;
    }

    private static bool Add(Dictionary<SpoolStream, SpoolWriter> spools, string root, TransitionRecord record, byte[] bytes)
    {
        var stream = new SpoolStream(record.Identity.Robot, record.Identity.Boot);
        if (!spools.TryGetValue(stream, out SpoolWriter? spool))
            spools.Add(stream, spool = SpoolWriter.Open(root, stream, record.Schema, new SpoolOptions()));
        SpoolStatus status = spool.Append(bytes.AsSpan(0, TransitionCodec.Encode(record, bytes)));
        return status is SpoolStatus.Ok or SpoolStatus.Duplicate
            ? status == SpoolStatus.Ok
            : throw new SpoolException($"{spool.Folder} does not take {record.Identity} ({status}): {spool.LastFailure}");
    }

    private static TransitionSchema SchemaOf(McapReader reader, string path)
    {
        if (!reader.Metadata.TryGetValue(McapWriter.SchemaMetadata, out string? hex) || hex.Length > 2 * SegmentHeader.MaxLength || hex.Any(c => !char.IsAsciiHexDigit(c))
            || hex.Length % 2 != 0 || !TransitionSchema.TryParse(Convert.FromHexString(hex), out TransitionSchema? schema))
        {
            throw new SpoolException($"{path} does not say the schema of its transitions (metadata {McapWriter.SchemaMetadata}): it was not written by this project");
        }
        return schema!;
    }
}
