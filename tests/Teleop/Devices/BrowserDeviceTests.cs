using System.Buffers.Binary;

namespace Robotics.Teleop.Tests.Devices;

public sealed class BrowserDeviceTests
{
    private const long Ms = 1_000_000;
    private const uint Hold = 1u << 5;

    private static byte[] Frame(uint sequence, double echoMs, uint buttons, short axis3 = 0)
    {
        var bytes = new byte[BrowserDevice.FrameBytes];
        "RBW1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), sequence);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8), echoMs);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), axis3);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), buttons);
        return bytes;
    }

    [Fact]
    public void Poll_PageFallsSilent_ReleasesAfterTheLease()
    {
        using var page = new BrowserDevice();
        Assert.True(page.Receive(Frame(1, 1000, Hold, 32767), 1010 * Ms));
        page.Poll(1010 * Ms);
        Assert.True(page.IsPresent && page.IsHeld(5));
        Assert.Equal(1, page.Axis(3));
        page.Poll(1110 * Ms);
        Assert.True(page.IsHeld(5));
        page.Poll(1111 * Ms);
        Assert.False(page.IsPresent || page.IsHeld(5));
    }

    [Fact]
    public void Receive_ReplayedQueuedForgedOrMalformedFrame_DoesNotCount()
    {
        using var page = new BrowserDevice();
        byte[] first = Frame(7, 1000, Hold);
        Assert.True(page.Receive(first, 1010 * Ms));
        Assert.False(page.Receive(first, 1020 * Ms)); // the same again
        Assert.False(page.Receive(Frame(6, 1015, Hold), 1020 * Ms)); // an older one
        Assert.False(page.Receive(Frame(8, 1000, Hold), 1400 * Ms)); // waited in a queue
        Assert.False(page.Receive(Frame(9, 9000, Hold), 1020 * Ms)); // echoes a time that was not yet
        Assert.False(page.Receive(Frame(10, double.NaN, Hold), 1020 * Ms));
        Assert.False(page.Receive(Frame(11, 1015, 1u << 20), 1020 * Ms)); // a button that is none
        Assert.False(page.Receive(Frame(12, 1015, Hold).AsSpan(0, 27), 1020 * Ms));
        Assert.Equal(7, page.Refused);
        Assert.True(page.Receive(Frame(13, 1015, 0), 1020 * Ms));
    }

    [Fact]
    public void Poll_ButtonDownAndUpBetweenTwoPolls_IsAPress()
    {
        using var page = new BrowserDevice();
        page.Receive(Frame(1, 1000, 1), 1000 * Ms);
        page.Receive(Frame(2, 1000, 0), 1001 * Ms);
        page.Poll(1002 * Ms);
        Assert.Equal(1u, page.Presses(0));
        Assert.False(page.IsHeld(0));
    }
}
