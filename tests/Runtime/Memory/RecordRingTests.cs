using System.Buffers.Binary;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Memory;

public sealed class RecordRingTests
{
    private const int Capacity = 4096;

    private static RecordRing Ring(SharedRegion region) => RecordRing.Attach(region, 0, Capacity);

    private static SharedRegion Region() => SharedRegion.Private(RecordRing.SizeFor(Capacity));

    [Fact]
    public void Commit_ManyFramesOfRandomLength_ArriveInOrderAndWhole()
    {
        using SharedRegion region = Region();
        RecordRing writer = Ring(region), reader = Ring(region);
        var random = new SeededRandom(1, "ring");
        int written = 0, read = 0;
        while (read < 20_000)
        {
            int length = 4 + random.NextInt(200);
            if (random.NextInt(2) == 0 && writer.TryReserve(length, out Span<byte> frame))
            {
                frame.Fill((byte)written);
                BinaryPrimitives.WriteInt32LittleEndian(frame, written++);
                writer.Commit(length);
            }
            else if (reader.TryRead(out ReadOnlySpan<byte> got))
            {
                Assert.Equal(read, BinaryPrimitives.ReadInt32LittleEndian(got));
                Assert.True(got[4..].IndexOfAnyExcept((byte)read) < 0);
                read++;
                reader.Release();
            }
        }
        Assert.Equal(0, reader.Corrupt);
    }

    [Fact]
    public void TryReserve_FullRing_DropsAndCounts()
    {
        using SharedRegion region = Region();
        RecordRing ring = Ring(region);
        int accepted = 0;
        while (ring.TryReserve(1000, out _))
        {
            ring.Commit(1000);
            accepted++;
        }
        Assert.InRange(accepted, 3, 4);
        Assert.Equal(1, ring.Dropped);
    }

    [Fact]
    public void Attach_AfterReaderDied_ReadsTheUnreleasedFrameAgain()
    {
        using SharedRegion region = Region();
        RecordRing writer = Ring(region);
        Assert.True(writer.TryReserve(8, out Span<byte> frame));
        frame.Fill(7);
        writer.Commit(8);
        Assert.True(Ring(region).TryRead(out _)); // peeked, never released: the reader dies here
        Assert.True(Ring(region).TryRead(out ReadOnlySpan<byte> again));
        Assert.Equal(7, again[0]);
    }

    [Fact]
    public void TryRead_UncommittedFrame_IsInvisible()
    {
        using SharedRegion region = Region();
        Assert.True(Ring(region).TryReserve(8, out _)); // the writer dies here
        Assert.False(Ring(region).TryRead(out _));
    }

    // Whatever bytes stand in the shared memory, the reader neither throws nor reads outside it, and the ring works again afterwards.
    [Fact]
    public unsafe void TryRead_RandomlyDamagedMemory_NeverLeavesTheRing()
    {
        var random = new SeededRandom(2, "damage");
        using SharedRegion region = Region();
        for (int round = 0; round < 2000; round++)
        {
            RecordRing ring = Ring(region);
            for (int i = 0; i < 5 && ring.TryReserve(300, out _); i++)
                ring.Commit(300);
            for (int i = 0; i < 64; i++)
                region.Pointer[128 + random.NextInt((int)region.Length - 128)] = (byte)random.NextUInt64();
            for (int i = 0; i < 50 && ring.TryRead(out ReadOnlySpan<byte> frame); i++)
            {
                Assert.True(frame.Length <= Capacity);
                ring.Release();
            }
        }
    }

    [Fact]
    public void WriteAndRead_AllocateNothing()
    {
        using SharedRegion region = Region();
        RecordRing ring = Ring(region);
        AllocationGuard.AssertNone(() =>
        {
            ring.TryReserve(100, out _);
            ring.Commit(100);
            ring.TryRead(out _);
            ring.Release();
        });
    }
}
