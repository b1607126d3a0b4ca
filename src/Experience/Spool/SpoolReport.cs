namespace Robotics.Experience;

/// <summary>What a spool or store holds.</summary>
/// <param name="Root">Its folder.</param>
/// <param name="Streams">Its streams, oldest first.</param>
public sealed record SpoolReport(string Root, IReadOnlyList<StreamReport> Streams)
{
    /// <summary>Records in all streams.</summary>
    public long Records => Streams.Sum(s => s.Records);

    /// <summary>True where every byte is valid and no sequence number is missing or repeated.</summary>
    public bool IsWhole => Streams.All(s => s.Problems.Count == 0 && s.Missing == 0 && s.Repeated == 0);
}
