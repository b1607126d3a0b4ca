using System.Globalization;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>What one stream holds, for people.</summary>
/// <param name="Stream">Whose transitions.</param>
/// <param name="Segments">Its files, each with its valid prefix.</param>
/// <param name="Steps">Steps whose action came from each source; sources without a step are left out.</param>
/// <param name="Episodes">Episodes of which at least one step is here.</param>
/// <param name="Terminated">Episodes that the task, a person or safety ended.</param>
/// <param name="Truncated">Episodes that a limit or a person cut.</param>
/// <param name="Interventions">Times a person took over.</param>
/// <param name="Dropped">What was given up with whole segments.</param>
/// <param name="Acknowledged">Greatest sequence that the learner has persisted, as the edge last noted; 0 in a store.</param>
/// <param name="Status">What the writer last said of itself; null where it said nothing.</param>
public sealed record StreamInfo(
    SpoolStream Stream, IReadOnlyList<SegmentScan> Segments, IReadOnlyDictionary<ActionSource, long> Steps, long Episodes, long Terminated, long Truncated,
    long Interventions, DroppedNote Dropped, ulong Acknowledged, StreamStatus? Status)
{
    /// <summary>Records in the valid prefixes.</summary>
    public long Records => Segments.Sum(s => s.Records);

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Segments.Sum(s => s.FileBytes);

    /// <summary>First sequence number that is here; 0 for none.</summary>
    public ulong First => Segments.FirstOrDefault(s => s.Records > 0)?.First ?? 0;

    /// <summary>Last sequence number that is here; 0 for none.</summary>
    public ulong Last => Segments.LastOrDefault(s => s.Records > 0)?.Last ?? 0;

    /// <summary>Shape of the records, where a header could be read.</summary>
    public TransitionSchema? Schema => Segments.FirstOrDefault(s => s.Header is not null)?.Header!.Schema;

    /// <summary>Share of the bound that is taken; 0 where there is none.</summary>
    public double Fill => Status is { MaxBytes: > 0 } status ? (double)Bytes / status.MaxBytes : 0;

    /// <summary>Reads the stream's folder below <paramref name="root"/>.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StreamInfo Read(string root, SpoolStream stream)
    {
        string folder = stream.PathIn(root);
        var steps = new SortedDictionary<ActionSource, long>();
        var episodes = new HashSet<ulong>();
        long terminated = 0, truncated = 0, interventions = 0;
        SegmentScan[] segments = [.. SegmentFile.List(folder).Select(s => SegmentScan.Of(s.Path, Count))];
        StreamStatus? status = StreamStatus.Read(folder);
        ulong acknowledged = Math.Max(WhollyAcknowledged(folder), status?.Acknowledged ?? 0);
        return new StreamInfo(stream, segments, steps, episodes.Count, terminated, truncated, interventions, DroppedNote.Read(folder), acknowledged, status);

        void Count(TransitionHeader header)
        {
            steps[header.Source] = steps.GetValueOrDefault(header.Source) + 1;
            episodes.Add(header.Episode);
            terminated += (header.Flags & TransitionFlags.Terminated) != 0 ? 1 : 0;
            truncated += (header.Flags & TransitionFlags.Truncated) != 0 ? 1 : 0;
            interventions += (header.Flags & TransitionFlags.InterventionOnset) != 0 ? 1 : 0;
        }
    }

    private static ulong WhollyAcknowledged(string folder)
    {
        string path = Path.Combine(folder, SpoolStream.AcknowledgedFile);
        return File.Exists(path) && ulong.TryParse(File.ReadAllText(path).Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence) ? sequence : 0;
    }
}
