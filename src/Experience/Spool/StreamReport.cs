namespace Robotics.Experience;

/// <summary>What one stream holds.</summary>
/// <param name="Stream">Whose transitions.</param>
/// <param name="Segments">Its files.</param>
/// <param name="LastSequence">Greatest sequence number.</param>
/// <param name="Missing">Sequence numbers up to the last that are not there, and were not given up.</param>
/// <param name="Repeated">Sequence numbers that are there twice.</param>
/// <param name="Dropped">What was given up with whole segments to keep within a bound: not missing.</param>
/// <param name="Problems">What is wrong, in words, with file and byte.</param>
public sealed record StreamReport(
    SpoolStream Stream, IReadOnlyList<SegmentScan> Segments, ulong LastSequence, ulong Missing, ulong Repeated, DroppedNote Dropped, IReadOnlyList<string> Problems)
{
    /// <summary>Records in the valid prefixes.</summary>
    public long Records => Segments.Sum(s => s.Records);

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Segments.Sum(s => s.FileBytes);

    /// <summary>Shape of the records, where a header could be read.</summary>
    public TransitionSchema? Schema => Segments.FirstOrDefault(s => s.Header is not null)?.Header!.Schema;
}
