using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Tests.Memory;

public sealed class EdgeMemoryTests : IDisposable
{
    private const int Small = 1 << 16;
    private const int Large = 1 << 17;
    private readonly string _name = $"test-{Guid.NewGuid():N}";

    public void Dispose() => EdgeMemory.Delete(_name);

    [Fact]
    public void Open_ControlAndAgent_ShareTheRing()
    {
        using EdgeMemory control = EdgeMemory.Open(_name, Small), agent = EdgeMemory.Open(_name, Small);
        Put(control, 7);
        Assert.Equal(7, Take(agent));
    }

    [Fact]
    public void Open_AfterBothDied_FindsWhatWasNotTaken()
    {
        using (EdgeMemory control = EdgeMemory.Open(_name, Small))
            Put(control, 9);
        using EdgeMemory agent = EdgeMemory.Open(_name, Small);
        Assert.Equal(9, Take(agent));
    }

    [Fact]
    public void Open_AnotherSizeAndTheRingIsEmpty_MakesItAnew()
    {
        using (EdgeMemory control = EdgeMemory.Open(_name, Small))
        {
            Put(control, 1);
            Take(control);
        }
        using EdgeMemory larger = EdgeMemory.Open(_name, Large);
        for (byte i = 0; i < 200; i++)
            Put(larger, i, length: 500); // more than the small one had room for
        Assert.Equal(0, larger.Records.Dropped);
        Assert.Equal(0, Take(larger));
    }

    [Fact]
    public void Open_AnotherSizeAndRecordsInTheRing_RefusesAndKeepsThem()
    {
        using (EdgeMemory control = EdgeMemory.Open(_name, Small))
            Put(control, 5);
        IOException refusal = Assert.Throws<IOException>(() => EdgeMemory.Open(_name, Large));
        Assert.Contains("records that no agent has taken", refusal.Message, StringComparison.Ordinal);
        using EdgeMemory agent = EdgeMemory.Open(_name, Small);
        Assert.Equal(5, Take(agent));
    }

    [Fact]
    public void Open_AnotherSizeWhileSomebodyHasIt_Refuses()
    {
        using EdgeMemory control = EdgeMemory.Open(_name, Small);
        IOException refusal = Assert.Throws<IOException>(() => EdgeMemory.Open(_name, Large));
        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
        Put(control, 3); // its memory is still whole
        Assert.Equal(3, Take(control));
    }

    [Fact]
    public void Open_ToWatch_HasNoRecordsAndMakesNoRing()
    {
        using EdgeMemory watcher = EdgeMemory.Open(_name);
        Assert.Throws<InvalidOperationException>(() => watcher.Records);
        using EdgeMemory control = EdgeMemory.Open(_name, Large);
        Put(control, 2);
        Assert.Equal(2, Take(control));
    }

    [Fact]
    public void OpenOrCreate_MoreThanTheFileSystemHas_IsRefusedAtTheStart()
    {
        string path = $"/dev/shm/robotics-{_name}";
        long tooMuch = new DriveInfo("/dev/shm").TotalSize + 4096;
        IOException refusal = Assert.Throws<IOException>(() => SharedRegion.OpenOrCreate(path, tooMuch));
        Assert.Contains("ring_seconds", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(path).Length);
    }

    // The camera of runs/camera-hover.yaml: 49,396 bytes at 200 Hz are 9.9 MB/s.
    [Theory]
    [InlineData(49_396, 98_600, 200, 10, 1 << 27, 13.58)]
    [InlineData(350, 500, 100, 10, 1 << 19, 14.56)]
    [InlineData(350, 500, 100, 3600, 1 << 27, 3728.27)]
    [InlineData(1_843_000, 3_686_000, 30, 60, 1 << 30, 19.42)] // the largest there is
    [InlineData(100, 50_000_000, 1, 1, 1 << 28, 2_396_745.14)] // four of the longest
    public void CapacityFor_RecordsAndSeconds_IsThePowerOfTwoThatHoldsThem(int length, int maxLength, double perSecond, double seconds, int capacity, double holds)
    {
        Assert.Equal(capacity, RecordRing.CapacityFor(length, maxLength, perSecond, seconds));
        Assert.Equal(holds, RecordRing.SecondsIn(capacity, length, perSecond), 0.01);
    }

    private static void Put(EdgeMemory memory, byte value, int length = 16)
    {
        Assert.True(memory.Records.TryReserve(length, out Span<byte> frame));
        frame[0] = value;
        memory.Records.Commit(length);
    }

    private static byte Take(EdgeMemory memory)
    {
        Assert.True(memory.Records.TryRead(out ReadOnlySpan<byte> frame));
        byte value = frame[0];
        memory.Records.Release();
        return value;
    }
}
