using System.Globalization;

namespace Robotics.Experience;

/// <summary>All transitions of one start of one robot: one folder of segments, in a spool or in a store.</summary>
/// <param name="Robot">The robot.</param>
/// <param name="Boot">The start of its control process.</param>
public readonly record struct SpoolStream(ulong Robot, ulong Boot) : IComparable<SpoolStream>
{
    /// <summary>File in the folder of an ended boot that the learner has wholly persisted: text, last sequence and run.</summary>
    public const string AcknowledgedFile = "acknowledged";

    /// <summary>Name of the folder: robot and boot as 16 hexadecimal digits each, joined by a dash.</summary>
    public string FolderName => $"{Robot:x16}-{Boot:x16}";

    /// <summary>Path of the stream's folder below <paramref name="root"/>.</summary>
    public string PathIn(string root) => Path.Combine(root, FolderName);

    /// <summary>True where there is a segment; a stream of which everything was given up has none left.</summary>
    public bool HasSegments(string root) => SegmentFile.List(PathIn(root)).Count > 0;

    /// <summary>Reads a folder name.</summary>
    public static bool TryParse(string? name, out SpoolStream stream)
    {
        stream = default;
        if (name is not { Length: 33 } || name[16] != '-'
            || !ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong robot)
            || !ulong.TryParse(name.AsSpan(17), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong boot))
        {
            return false;
        }
        stream = new SpoolStream(robot, boot);
        return stream.FolderName == name;
    }

    /// <summary>The streams below <paramref name="root"/>, oldest first (by the last write to their first segment).</summary>
    public static IReadOnlyList<SpoolStream> List(string root)
    {
        if (!Directory.Exists(root))
            return [];
        var found = new List<(DateTime Written, SpoolStream Stream)>();
        foreach (string folder in Directory.EnumerateDirectories(root))
        {
            if (TryParse(Path.GetFileName(folder), out SpoolStream stream))
                found.Add((OldestWrite(folder), stream));
        }
        found.Sort();
        return found.ConvertAll(f => f.Stream);
    }

    /// <summary>Notes beside an ended stream that the learner has persisted all of it, up to <paramref name="sequence"/>.</summary>
    /// <returns>False where the disk refused: harmless, the next start asks the learner again.</returns>
    public bool MarkAcknowledged(string root, ulong sequence, ulong run)
    {
        try
        {
            File.WriteAllText(Path.Combine(PathIn(root), AcknowledgedFile), string.Create(CultureInfo.InvariantCulture, $"{sequence} {run:x16}\n"));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public int CompareTo(SpoolStream other) => (Robot, Boot).CompareTo((other.Robot, other.Boot));

    /// <summary>Robot before robot, boot before boot.</summary>
    public static bool operator <(SpoolStream left, SpoolStream right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(SpoolStream left, SpoolStream right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(SpoolStream left, SpoolStream right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(SpoolStream left, SpoolStream right) => left.CompareTo(right) >= 0;

    private static DateTime OldestWrite(string folder)
    {
        IReadOnlyList<SegmentFile> segments = SegmentFile.List(folder);
        return segments.Count == 0 ? DateTime.MaxValue : File.GetLastWriteTimeUtc(segments[0].Path);
    }
}
