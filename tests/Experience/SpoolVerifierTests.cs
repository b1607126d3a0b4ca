namespace Robotics.Experience.Tests;

public sealed class SpoolVerifierTests
{
    private static readonly SpoolStream Stream = new(7, 9);

    [Fact]
    public void Verify_WholeSpool_CountsEverything()
    {
        using var root = new TemporaryFolder();
        Write(root.Path, [1, 2, 3, 5, 6]);
        SpoolReport report = SpoolVerifier.Verify(root.Path);
        StreamReport stream = Assert.Single(report.Streams);
        Assert.Equal((5L, 6ul, 1ul, 0ul), (stream.Records, stream.LastSequence, stream.Missing, stream.Repeated));
        Assert.False(report.IsWhole);
        Assert.Empty(stream.Problems);
        Assert.Equal(Transitions.Schema, stream.Schema);
    }

    [Fact]
    public void Repair_OneByteDamaged_KeepsAllOtherRecords()
    {
        using var root = new TemporaryFolder();
        Write(root.Path, [1, 2, 3, 4]);
        string path = SegmentFile.List(Stream.PathIn(root.Path))[0].Path;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^(Transitions.Schema.RecordLength + 50)] ^= 1; // inside record 3
        File.WriteAllBytes(path, bytes);
        string problem = Assert.Single(SpoolVerifier.Verify(root.Path).Streams[0].Problems);
        Assert.Contains("BadChecksum", problem, StringComparison.Ordinal);
        using var target = new TemporaryFolder();
        Assert.Equal(3, SpoolVerifier.Repair(root.Path, Stream, target.Path));
        Assert.Equal(1ul, SpoolVerifier.Verify(target.Path).Streams[0].Missing);
    }

    private static void Write(string root, ulong[] sequences)
    {
        using SpoolWriter writer = SpoolWriter.Open(root, Stream, Transitions.Schema, new SpoolOptions());
        foreach (ulong sequence in sequences)
            writer.Append(Transitions.Encode(sequence));
    }
}
