namespace Robotics.Experience;

/// <summary>Live recording: each transition goes into an MCAP file beside the spool as it is taken, one file for each start of the agent and boot of control.</summary>
/// <remarks>
/// For people to look at; the spool stays the system of record. A recording that the disk refuses ends and says so, and takes nothing else with it. One thread.
/// A killed agent leaves a file without an index, up to one chunk short: MCAP readers scan it; `robotics spool export` makes a whole one.
/// </remarks>
public sealed class McapRecording : IDisposable
{
    private readonly string _folder;
    private readonly TransitionRecord _record;
    private FileStream? _file;
    private McapWriter? _writer;
    private SpoolStream _stream;

    /// <summary>Records into <paramref name="folder"/>, which is made where it is not there.</summary>
    public McapRecording(string folder, TransitionSchema schema)
    {
        _folder = folder;
        _record = new TransitionRecord(schema);
    }

    /// <summary>Why nothing is recorded any more; empty while all is well.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Transitions recorded.</summary>
    public long Recorded { get; private set; }

    /// <summary>Records one valid transition.</summary>
    public void Write(in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        if (Trouble.Length > 0)
            return;
        try
        {
            if (_writer is null || _stream != new SpoolStream(header.Robot, header.Boot))
                Begin(header);
            TransitionCodec.TryDecode(record, _record, out _);
            _writer!.Write(_record);
            Recorded++;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trouble = $"recording to {_folder} ended: {e.Message}";
        }
    }

    /// <summary>Closes the file with its index.</summary>
    public void Dispose()
    {
        try
        {
            _writer?.Dispose();
            _file?.Dispose();
        }
        catch (IOException e)
        {
            Trouble = $"the recording in {_folder} could not be closed: {e.Message}";
        }
        _writer = null;
        _file = null;
    }

    private void Begin(in TransitionHeader header)
    {
        Dispose();
        _stream = new SpoolStream(header.Robot, header.Boot);
        Directory.CreateDirectory(_folder);
        _file = File.Create(Path.Combine(_folder, $"{_stream.FolderName}-{header.Sequence}.mcap"));
        _writer = new McapWriter(_file, _record.Schema);
    }
}
