using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

public sealed class TopicCellTests
{
    private const int Messages = 200_000;

    [Fact]
    public void TryRead_WhileAnotherThreadWrites_NeverTornNeverOlder()
    {
        var cell = new TopicCell(8);
        using var started = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            Span<float> values = stackalloc float[8];
            started.Set();
            for (int i = 1; i <= Messages; i++)
            {
                values.Fill(i);
                cell.Write(values, i, -i);
            }
        });
        writer.Start();
        started.Wait();
        var read = new float[8];
        long seen = 0, last = 0, reads = 0;
        while (last < Messages)
        {
            long version = cell.TryRead(seen, read, out long sampleNs, out long receivedNs);
            if (version == seen)
                continue;
            bool whole = receivedNs == -sampleNs && sampleNs == version && !read.AsSpan().ContainsAnyExcept((float)sampleNs);
            if (!whole || sampleNs < last)
                Assert.Fail($"{sampleNs} after {last}, version {version}, values {string.Join(' ', read)}");
            (seen, last) = (version, sampleNs);
            reads++;
        }
        writer.Join();
        Assert.True(reads > 0);
        Assert.Equal(seen, cell.TryRead(seen, read, out _, out _));
    }
}
