namespace Robotics.Experience.Tests;

/// <summary>Segments that are given up whole: what was in them is never taken again, whatever happens in between.</summary>
public sealed class DroppedSegmentsTests : IDisposable
{
    private static readonly SpoolStream Stream = new(7, 9);
    private static readonly SpoolOptions Small = new() { SegmentBytes = 1000 };
    private readonly TemporaryFolder _root = new();

    private string Folder => Stream.PathIn(_root.Path);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void DropOldest_ThenReopen_KnowsWhatWasGivenUpAndTakesNoneOfItAgain()
    {
        ulong given;
        using (SpoolWriter writer = Write(1, 50))
        {
            Assert.True(writer.DropOldest() > 0 && writer.DropOldest() > 0);
            given = writer.Dropped.Sequence;
            Assert.Equal(((long)given, given + 1), (writer.Dropped.Records, FirstSequence()));
            Assert.Equal(SpoolStatus.Duplicate, writer.Append(Transitions.Encode(given)));
        }
        using SpoolWriter again = SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, Small);
        Assert.Equal((given, (long)given, 50ul), (again.Dropped.Sequence, again.Dropped.Records, again.LastAppended));
        Assert.Equal(SpoolStatus.Duplicate, again.Append(Transitions.Encode(1)));
        StreamReport report = Assert.Single(SpoolVerifier.Verify(_root.Path).Streams);
        Assert.Equal((50L - (long)given, 0ul, 0ul), (report.Records, report.Missing, report.Repeated));
    }

    [Fact]
    public void DropOldest_NothingButTheSegmentBeingWritten_KeepsIt()
    {
        using SpoolWriter writer = Write(1, 50);
        while (writer.DropOldest() > 0)
        {
        }
        Assert.Single(SegmentFile.List(Folder));
        Assert.Equal(0, writer.DropOldest());
        Assert.Equal(SpoolStatus.Ok, writer.Append(Transitions.Encode(51)));
    }

    // The moments of a drop at which the power can go: while the note is written, after it, after the file is gone.
    [Theory]
    [InlineData(0, false, false)] // half a note
    [InlineData(4, false, false)] // a whole note, not yet in its place
    [InlineData(-1, true, false)] // in its place, the segment still there
    [InlineData(-1, true, true)] // done
    public void Open_CrashInTheMiddleOfADrop_HasEachIdentityHereOrGivenUpNeverBoth(int noteBytes, bool noted, bool deleted)
    {
        Write(1, 50).Dispose();
        IReadOnlyList<SegmentFile> before = SegmentFile.List(Folder);
        ulong given = before[1].FirstSequence - 1;
        string note = $"{given} {given}\n";
        if (noteBytes >= 0)
            File.WriteAllText(Path.Combine(Folder, DroppedNote.FileName + ".new"), note[..Math.Min(noteBytes, note.Length)]);
        if (noted)
            File.WriteAllText(Path.Combine(Folder, DroppedNote.FileName), note);
        if (deleted)
            File.Delete(before[0].Path);
        using SpoolWriter writer = SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, Small);
        Assert.Equal((noted ? given : 0, noted ? given + 1 : 1, 50ul), (writer.Dropped.Sequence, FirstSequence(), writer.LastAppended));
        for (ulong sequence = 1; sequence <= 50; sequence++)
            Assert.Equal(SpoolStatus.Duplicate, writer.Append(Transitions.Encode(sequence)));
        Assert.True(SpoolVerifier.Verify(_root.Path).IsWhole);
        Assert.True(writer.DropOldest() > 0); // and it goes on
        Assert.Equal((long)writer.Dropped.Sequence, writer.Dropped.Records); // nothing counted twice
    }

    [Fact]
    public void Open_EverySegmentGivenUp_GoesOnBehindThem()
    {
        Write(1, 50).Dispose();
        new DroppedNote(50, 50).Write(Folder);
        foreach (SegmentFile segment in SegmentFile.List(Folder))
            File.Delete(segment.Path);
        using SpoolWriter writer = SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, Small);
        Assert.Equal(SpoolStatus.Duplicate, writer.Append(Transitions.Encode(50)));
        Assert.Equal(SpoolStatus.Ok, writer.Append(Transitions.Encode(51)));
        writer.Commit();
        Assert.True(SpoolVerifier.Verify(_root.Path).IsWhole);
    }

    [Fact]
    public void Verify_SegmentGoneWithoutANote_CountsItAsMissing()
    {
        Write(1, 50).Dispose();
        File.Delete(SegmentFile.List(Folder)[0].Path);
        StreamReport report = Assert.Single(SpoolVerifier.Verify(_root.Path).Streams);
        Assert.Equal(FirstSequence() - 1, report.Missing);
    }

    [Fact]
    public void Info_OfASpool_TellsSegmentsEpisodesSourcesBoundAndWhatTheLearnerHas()
    {
        var options = new SpoolOptions { SegmentBytes = 1000, MaxBytes = 100_000, Retention = SpoolRetention.DropAcknowledged };
        using (SpoolWriter writer = SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, options))
        {
            for (ulong sequence = 1; sequence <= 50; sequence++)
                writer.Append(Transitions.Encode(sequence, last: sequence % 10 == 9));
            writer.Acknowledge(30);
            writer.Pump(1);
            Assert.Equal(30ul, SpoolInfo.Read(_root.Path).Streams[0].Acknowledged); // while it is written
        }
        StreamInfo info = Assert.Single(SpoolInfo.Read(_root.Path).Streams);
        Assert.Equal((50L, 1ul, 50ul), (info.Records, info.First, info.Last));
        Assert.Equal((6L, 0L, 5L), (info.Episodes, info.Terminated, info.Truncated));
        Assert.Equal(new KeyValuePair<Robotics.Core.ActionSource, long>(Robotics.Core.ActionSource.Policy, 50), Assert.Single(info.Steps));
        Assert.Equal((30ul, 100_000L, SpoolRetention.DropAcknowledged), (info.Acknowledged, info.Status!.Value.MaxBytes, info.Status.Value.Retention));
        Assert.Equal(info.Bytes / 100_000.0, info.Fill);
        Assert.Equal(50, info.Segments.Sum(s => s.Records));
        Assert.True(info.Segments.Count > 5);
    }

    private SpoolWriter Write(ulong from, ulong to)
    {
        SpoolWriter writer = SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, Small);
        for (ulong sequence = from; sequence <= to; sequence++)
            Assert.Equal(SpoolStatus.Ok, writer.Append(Transitions.Encode(sequence)));
        return writer;
    }

    private ulong FirstSequence() => SegmentFile.List(Folder)[0].FirstSequence;
}
