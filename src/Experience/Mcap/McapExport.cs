namespace Robotics.Experience;

/// <summary>Turns a stream of a spool or store into an MCAP file: the library behind `robotics spool export --mcap`.</summary>
public static class McapExport
{
    /// <summary>Writes all valid records of <paramref name="stream"/> to <paramref name="path"/>, which appears only when it is whole.</summary>
    /// <returns>Transitions written.</returns>
    /// <exception cref="SpoolException">The stream has no usable segment.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static long Write(string root, SpoolStream stream, string path)
    {
        TransitionSchema schema = SpoolVerifier.SchemaOf(root, stream);
        var record = new TransitionRecord(schema);
        using SpoolReader reader = SpoolReader.Open(root, stream, schema);
        string unfinished = path + ".part";
        long count = 0;
        using (FileStream file = File.Create(unfinished))
        using (var writer = new McapWriter(file, schema))
        {
            while (reader.TryRead(out ReadOnlySpan<byte> bytes, out _))
            {
                TransitionCodec.TryDecode(bytes, record, out _);
                writer.Write(record);
                count++;
            }
        }
        File.Move(unfinished, path, overwrite: true);
        return count;
    }
}
