using Robotics.Core;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Memory;

public sealed class MailboxTests
{
    private const int Capacity = 1000;

    [Fact]
    public void TryTake_SeveralPut_GivesTheNewestOnce()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        Mailbox writer = Mailbox.Attach(region, 0, Capacity), reader = Mailbox.Attach(region, 0, Capacity);
        var buffer = new byte[Capacity];
        Assert.Equal(-1, reader.TryTake(buffer));
        Assert.True(writer.TryPut([1, 2, 3]));
        Assert.True(writer.TryPut([4, 5]));
        Assert.Equal(2, reader.TryTake(buffer));
        Assert.Equal(4, buffer[0]);
        Assert.Equal(-1, reader.TryTake(buffer));
    }

    [Fact]
    public void TryPut_TooLarge_IsRefused()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        Assert.False(Mailbox.Attach(region, 0, Capacity).TryPut(new byte[Capacity + 1]));
    }

    // A writer on another thread floods messages whose bytes are all equal: a torn read would mix two values.
    [Fact]
    public async Task TryTake_UnderAFloodOfPuts_IsNeverTorn()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        using var stop = new CancellationTokenSource();
        Task flood = Task.Run(
            () =>
            {
                Mailbox writer = Mailbox.Attach(region, 0, Capacity);
                var message = new byte[Capacity];
                for (byte b = 0; !stop.IsCancellationRequested; b++)
                {
                    message.AsSpan().Fill(b);
                    writer.TryPut(message);
                }
            },
            TestContext.Current.CancellationToken);
        Mailbox reader = Mailbox.Attach(region, 0, Capacity);
        var buffer = new byte[Capacity];
        int taken = 0;
        while (taken < 2000 && !flood.IsFaulted)
        {
            int length = reader.TryTake(buffer);
            if (length < 0)
                continue;
            taken++;
            Assert.True(buffer.AsSpan(0, length).IndexOfAnyExcept(buffer[0]) < 0, "torn read");
        }
        await stop.CancelAsync();
        await flood;
        Assert.Equal(2000, taken);
    }

    [Fact]
    public void TryTake_DamagedContent_IsNothingNew()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        Mailbox box = Mailbox.Attach(region, 0, Capacity);
        box.TryPut([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        unsafe
        {
            region.Pointer[64 + Mailbox.SizeFor(Capacity) / 2 + 64 - 32] ^= 1;
        }
        Assert.Equal(-1, box.TryTake(new byte[Capacity]));
    }

    // A second writer into the same slot while the first one writes: what then lies there is neither's message.
    [Fact]
    public void TryTake_SlotThatAnotherWroteIntoMeanwhile_IsNothingNew()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        Mailbox first = Mailbox.Attach(region, 0, Capacity), second = Mailbox.Attach(region, 0, Capacity), reader = Mailbox.Attach(region, 0, Capacity);
        byte[] message = [.. Enumerable.Repeat((byte)1, 100)];
        first.TryPut(message.Length, message, (place, from) =>
        {
            from.AsSpan().CopyTo(place);
            second.TryPut([.. Enumerable.Repeat((byte)2, 50)]);
            return Crc32C.Compute(from);
        });
        Assert.Equal(-1, reader.TryTake(new byte[Capacity]));
        first.TryPut(message);
        Assert.Equal(message.Length, reader.TryTake(new byte[Capacity]));
    }

    [Fact]
    public void PutAndTake_AllocateNothing()
    {
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(Capacity));
        Mailbox box = Mailbox.Attach(region, 0, Capacity);
        var buffer = new byte[Capacity];
        AllocationGuard.AssertNone(() =>
        {
            box.TryPut(buffer);
            box.TryTake(buffer);
        });
    }
}
