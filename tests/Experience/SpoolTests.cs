using Robotics.Tests.Shared;

namespace Robotics.Experience.Tests;

public sealed class SpoolTests : IDisposable
{
    private static readonly SpoolStream Stream = new(7, 9);
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Append_ThenReopen_ContinuesAndReadsEverythingBack()
    {
        using (SpoolWriter writer = Open())
            Append(writer, 1, 20);
        using SpoolWriter again = Open();
        Assert.Equal(20ul, again.LastAppended);
        Assert.Equal(SpoolStatus.Duplicate, again.Append(Transitions.Encode(20)));
        Append(again, 21, 30);
        again.Flush();
        Assert.Equal(Sequences(1, 30), ReadAll(0));
        Assert.Equal(Sequences(18, 30), ReadAll(17));
    }

    [Fact]
    public void Open_CutAtAnyByte_KeepsExactlyTheValidPrefix()
    {
        byte[] whole = WriteSegment(records: 3, out int headerLength, out int recordLength);
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            using var folder = new TemporaryFolder();
            Put(folder.Path, whole.AsSpan(0, cut));
            ulong expected = cut < headerLength ? 0 : (ulong)((cut - headerLength) / recordLength);
            using (SpoolWriter writer = SpoolWriter.Open(folder.Path, Stream, Transitions.Schema, new SpoolOptions()))
            {
                Assert.Equal(expected, writer.LastAppended);
                Append(writer, expected + 1, 4);
            }
            Assert.Equal(Sequences(1, 4), ReadAll(0, folder.Path));
        }
    }

    [Fact]
    public void TryRead_OneRecordDamaged_GivesAllOthers()
    {
        byte[] bytes = WriteSegment(records: 6, out int headerLength, out int recordLength);
        for (int at = 0; at < recordLength; at++)
        {
            using var folder = new TemporaryFolder();
            byte[] damaged = [.. bytes];
            damaged[headerLength + (2 * recordLength) + at] ^= 0xFF;
            Put(folder.Path, damaged);
            Assert.Equal([1, 2, 4, 5, 6], ReadAll(0, folder.Path));
        }
    }

    [Fact]
    public void Append_SmallSegments_RollsAndReadsAcrossThem()
    {
        var options = new SpoolOptions { SegmentBytes = 1000 };
        using SpoolWriter writer = Open(options);
        using var reader = new SpoolReader(writer);
        var seen = new List<ulong>();
        for (ulong sequence = 1; sequence <= 50; sequence++)
        {
            Append(writer, sequence, sequence);
            writer.Flush();
            while (reader.TryRead(out _, out TransitionHeader header))
                seen.Add(header.Sequence);
        }
        Assert.Equal(Sequences(1, 50), seen);
        Assert.True(SegmentFile.List(writer.Folder).Count > 5);
        Assert.Equal(Sequences(30, 50), ReadAll(29));
        reader.Seek(10);
        Assert.True(reader.TryRead(out _, out TransitionHeader again));
        Assert.Equal(11ul, again.Sequence);
    }

    [Fact]
    public void Append_LimitReachedAndNothingAcknowledged_RefusesAndLosesNothing()
    {
        var options = new SpoolOptions { MaxBytes = 4000, Retention = SpoolRetention.DropAcknowledged };
        using SpoolWriter writer = Open(options);
        ulong sequence = 1;
        while (writer.Append(Transitions.Encode(sequence)) == SpoolStatus.Ok)
            sequence++;
        Assert.True(writer.IsFull);
        Assert.True(writer.Bytes <= 4000);
        writer.Flush();
        Assert.Equal(Sequences(1, sequence - 1), ReadAll(0));
        writer.Acknowledge(sequence - 1);
        Assert.Equal(SpoolStatus.Ok, writer.Append(Transitions.Encode(sequence)));
        Assert.True(writer.Bytes <= 4000);
        Assert.False(writer.IsFull);
    }

    [Fact]
    public void Append_LimitReachedAndKeepAll_RefusesEvenWhenAcknowledged()
    {
        using SpoolWriter writer = Open(new SpoolOptions { MaxBytes = 4000, Retention = SpoolRetention.KeepAll });
        ulong sequence = 1;
        while (writer.Append(Transitions.Encode(sequence)) == SpoolStatus.Ok)
            sequence++;
        writer.Acknowledge(sequence - 1);
        Assert.Equal(SpoolStatus.Full, writer.Append(Transitions.Encode(sequence)));
    }

    [Fact]
    public void Pump_BeforeAndAfterTheInterval_CommitsInGroups()
    {
        using SpoolWriter writer = Open(new SpoolOptions { CommitIntervalNs = 100 });
        Append(writer, 1, 1);
        Assert.False(writer.Pump(1000));
        Append(writer, 2, 2);
        Assert.False(writer.Pump(1099));
        Assert.Equal((2ul, 0ul), (writer.LastFlushed, writer.LastDurable));
        Assert.True(writer.Pump(1100));
        Assert.Equal(2ul, writer.LastDurable);
    }

    [Fact]
    public void Pump_SyncInBackground_BecomesDurableWithoutWaiting()
    {
        using (SpoolWriter writer = Open(new SpoolOptions { CommitIntervalNs = 100, SyncInBackground = true, SegmentBytes = 3000 }))
        {
            long now = 0;
            for (ulong sequence = 1; sequence <= 200; sequence++)
            {
                Append(writer, sequence, sequence);
                writer.Pump(now += 60);
                Assert.True(writer.LastDurable <= writer.LastFlushed);
            }
            Assert.True(SpinWait.SpinUntil(() => { writer.Pump(now += 60); return writer.LastDurable == 200; }, TimeSpan.FromSeconds(20)));
        }
        Assert.Equal(Sequences(1, 200), ReadAll(0));
    }

    // Images enough that the page cache is told to forget what is durable and read, over several segments.
    [Fact]
    public void Pump_ManyImages_AreReadBackWholeWhileTheCacheForgetsThem()
    {
        var schema = new TransitionSchema("images", 1, 1, 0, 1, 0, 200_000);
        var record = new TransitionRecord(schema);
        var bytes = new byte[schema.FinalRecordLength];
        var options = new SpoolOptions { SegmentBytes = 8 << 20, CommitIntervalNs = 1, SyncInBackground = true };
        using SpoolWriter writer = SpoolWriter.Open(_root.Path, new SpoolStream(1, 1), schema, options);
        using var reader = new SpoolReader(writer);
        ulong read = 0;
        for (ulong sequence = 1; sequence <= 150; sequence++)
        {
            record.Identity = new TransitionIdentity(1, 1, sequence);
            record.Images.Fill((byte)sequence);
            Assert.Equal(SpoolStatus.Ok, writer.Append(bytes.AsSpan(0, TransitionCodec.Encode(record, bytes))));
            writer.Pump((long)sequence);
            if (sequence % 7 == 0)
                read += ReadAll(reader, read);
        }
        Assert.True(writer.Commit());
        read += ReadAll(reader, read);
        Assert.Equal((150ul, 150ul), (read, writer.LastDurable));
    }

    private static ulong ReadAll(SpoolReader reader, ulong last)
    {
        ulong count = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> record, out TransitionHeader header))
        {
            Assert.Equal(last + ++count, header.Sequence);
            Assert.Equal((byte)header.Sequence, record[150_000]);
        }
        return count;
    }

    [Fact]
    public void Append_OtherStreamOrDamaged_IsRefused()
    {
        using SpoolWriter writer = Open();
        Assert.Equal(SpoolStatus.Invalid, writer.Append(Transitions.Encode(1, boot: 10)));
        byte[] damaged = Transitions.Encode(1);
        damaged[130] ^= 1;
        Assert.Equal(SpoolStatus.Invalid, writer.Append(damaged));
        Assert.Equal(0, writer.Appended);
    }

    [Fact]
    public void Open_HeldByAnother_SaysSo()
    {
        using SpoolWriter writer = Open();
        SpoolException e = Assert.Throws<SpoolException>(() => Open());
        Assert.Contains("another agent", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OtherSchema_SaysSo()
    {
        using (SpoolWriter writer = Open())
            Append(writer, 1, 1);
        var other = new TransitionSchema("land", 1, 3, 2, 2, 4);
        Assert.Contains("land", Assert.Throws<SpoolException>(() => SpoolWriter.Open(_root.Path, Stream, other, new SpoolOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AppendFlushRead_AfterWarmUp_AllocateNothing()
    {
        using SpoolWriter writer = Open();
        using var reader = new SpoolReader(writer);
        var record = new TransitionRecord(Transitions.Schema);
        var bytes = new byte[Transitions.Schema.FinalRecordLength];
        ulong sequence = 0;
        int read = 0;
        AllocationGuard.AssertNone(() =>
        {
            Transitions.Fill(record, ++sequence);
            int length = TransitionCodec.Encode(record, bytes);
            writer.Append(bytes.AsSpan(0, length));
            writer.Flush();
            while (reader.TryRead(out _, out _))
                read++;
        });
        Assert.Equal((long)sequence, read);
    }

    private SpoolWriter Open(SpoolOptions? options = null) =>
        SpoolWriter.Open(_root.Path, Stream, Transitions.Schema, options ?? new SpoolOptions());

    private static void Append(SpoolWriter writer, ulong from, ulong to)
    {
        for (ulong sequence = from; sequence <= to; sequence++)
            Assert.Equal(SpoolStatus.Ok, writer.Append(Transitions.Encode(sequence)));
    }

    private static byte[] WriteSegment(int records, out int headerLength, out int recordLength)
    {
        using var folder = new TemporaryFolder();
        string path;
        using (SpoolWriter writer = SpoolWriter.Open(folder.Path, Stream, Transitions.Schema, new SpoolOptions()))
        {
            Append(writer, 1, (ulong)records);
            path = Path.Combine(writer.Folder, SegmentFile.NameOf(1));
        }
        recordLength = Transitions.Schema.RecordLength;
        byte[] bytes = File.ReadAllBytes(path);
        headerLength = bytes.Length - (records * recordLength);
        return bytes;
    }

    private static void Put(string root, ReadOnlySpan<byte> segment)
    {
        Directory.CreateDirectory(Stream.PathIn(root));
        File.WriteAllBytes(Path.Combine(Stream.PathIn(root), SegmentFile.NameOf(1)), segment.ToArray());
    }

    private List<ulong> ReadAll(ulong after) => ReadAll(after, _root.Path);

    private static List<ulong> ReadAll(ulong after, string root)
    {
        using SpoolReader reader = SpoolReader.Open(root, Stream, Transitions.Schema);
        reader.Seek(after);
        var seen = new List<ulong>();
        while (reader.TryRead(out ReadOnlySpan<byte> record, out TransitionHeader header))
        {
            Assert.True(record.SequenceEqual(Transitions.Encode(header.Sequence)));
            seen.Add(header.Sequence);
        }
        return seen;
    }

    private static List<ulong> Sequences(ulong from, ulong to) =>
        Enumerable.Range(0, (int)(to - from + 1)).Select(i => from + (ulong)i).ToList();
}
