using System.Net;
using System.Net.Sockets;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class StreamTests
{
    [Fact]
    public void SerialPort_OnPseudoTerminal_PassesAllByteValuesBothWays()
    {
        using PseudoTerminal device = PseudoTerminal.Create();
        using SerialPort port = SerialPort.Open(device.PortPath, 416_666);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(StreamStatus.Ok, port.TryWrite(all, out int sent));
        Assert.Equal(256, sent);
        Assert.Equal(all, ReadAll(device, 256));
        device.TryWrite(all, out _);
        Assert.Equal(all, ReadAll(port, 256));
        Assert.Equal(StreamStatus.Idle, port.TryRead(new byte[8], out _));
    }

    [Fact]
    public void SerialPort_Unplugged_IsLost()
    {
        PseudoTerminal device = PseudoTerminal.Create();
        using SerialPort port = SerialPort.Open(device.PortPath, 115_200);
        device.Dispose();
        Assert.Equal(StreamStatus.Lost, port.TryRead(new byte[8], out _));
        Assert.Equal(StreamStatus.Lost, port.TryWrite([1], out _));
    }

    [Fact]
    public void SerialPort_OpenedTwice_SecondIsRefusedWithADiagnosis()
    {
        using PseudoTerminal device = PseudoTerminal.Create();
        using SerialPort port = SerialPort.Open(device.PortPath, 115_200);
        IOException e = Assert.Throws<IOException>(() => SerialPort.Open(device.PortPath, 115_200));
        Assert.Contains(device.PortPath, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SerialPort_Missing_SaysHowToFindPorts()
    {
        IOException e = Assert.Throws<IOException>(() => SerialPort.Open("/dev/ttyNOT_HERE", 115_200));
        Assert.Contains("find-port", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SerialPort_Running_AllocatesNothing()
    {
        using PseudoTerminal device = PseudoTerminal.Create();
        using SerialPort port = SerialPort.Open(device.PortPath, 115_200);
        var buffer = new byte[64];
        AllocationGuard.AssertNone(() =>
        {
            port.TryWrite(buffer, out _);
            device.Wait(100);
            device.TryRead(buffer, out _);
            port.TryRead(buffer, out _);
        });
    }

    [Fact]
    public void Replug_DeviceComesBackUnderTheSamePath_IsReopened()
    {
        string link = Path.Combine(Path.GetTempPath(), $"robotics-port-{Environment.ProcessId}-{Guid.NewGuid():N}");
        PseudoTerminal first = PseudoTerminal.Create();
        File.CreateSymbolicLink(link, first.PortPath);
        using var stream = new ReplugByteStream(() => SerialPort.Open(link, 115_200));
        first.Dispose();
        Assert.Equal(StreamStatus.Lost, stream.TryRead(new byte[1], out _));
        using PseudoTerminal second = PseudoTerminal.Create();
        File.Delete(link);
        File.CreateSymbolicLink(link, second.PortPath);
        Assert.True(SpinWait.SpinUntil(() => stream.Generation == 2, TimeSpan.FromSeconds(20)));
        second.TryWrite([42], out _);
        Assert.True(stream.Wait(5000));
        Assert.Equal(StreamStatus.Ok, stream.TryRead(new byte[1], out _));
        File.Delete(link);
    }

    [Fact]
    public void Udp_Listening_AnswersTheFirstSpeakerOnly()
    {
        using UdpByteStream listener = UdpByteStream.Listen(0, IPAddress.Loopback);
        var address = new IPEndPoint(IPAddress.Loopback, listener.LocalPort);
        using UdpByteStream peer = UdpByteStream.Connect(address);
        using UdpByteStream stranger = UdpByteStream.Connect(address);
        Assert.Equal(StreamStatus.Idle, listener.TryWrite([1], out _));
        peer.TryWrite([1, 2, 3], out _);
        Assert.Equal([1, 2, 3], ReadAll(listener, 3));
        stranger.TryWrite([9], out _);
        peer.TryWrite([4], out _);
        Assert.Equal([4], ReadAll(listener, 1));
        Assert.Equal(1, listener.Foreign);
        listener.TryWrite([5], out _);
        Assert.Equal([5], ReadAll(peer, 1));
    }

    [Fact]
    public void Tcp_PeerCloses_IsLost()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.True(ByteEndpoint.TryParse($"tcp:127.0.0.1:{port}", out ByteEndpoint? endpoint, out _));
        using IByteStream client = endpoint.Open();
        var server = new TcpByteStream(listener.AcceptSocket(), "server");
        client.TryWrite([1, 2], out _);
        Assert.Equal([1, 2], ReadAll(server, 2));
        server.Dispose();
        client.Wait(2000);
        Assert.Equal(StreamStatus.Lost, client.TryRead(new byte[4], out _));
    }

    [Theory]
    [InlineData("serial:/dev/ttyUSB0:921600", EndpointKind.Serial, "/dev/ttyUSB0", 921600)]
    [InlineData("udp:14540", EndpointKind.Udp, "", 14540)]
    [InlineData("udp:10.0.0.2:14550", EndpointKind.Udp, "10.0.0.2", 14550)]
    [InlineData("tcp:127.0.0.1:5760", EndpointKind.Tcp, "127.0.0.1", 5760)]
    [InlineData("serial:/dev/serial/by-path/pci-0000:00:14.0-usb:1000000", EndpointKind.Serial, "/dev/serial/by-path/pci-0000:00:14.0-usb", 1_000_000)]
    public void Endpoint_WellFormed_ParsesAndPrintsBack(string text, EndpointKind kind, string address, int number)
    {
        Assert.True(ByteEndpoint.TryParse(text, out ByteEndpoint? endpoint, out _));
        Assert.Equal(new ByteEndpoint(kind, address, number), endpoint);
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("usb:1")]
    [InlineData("udp:70000")]
    [InlineData("tcp:5760")]
    [InlineData("serial:/dev/ttyUSB0")]
    [InlineData("serial:/dev/ttyUSB0:-1")]
    public void Endpoint_Malformed_SaysWhatIsExpected(string text)
    {
        Assert.False(ByteEndpoint.TryParse(text, out _, out string problem));
        Assert.Contains("serial:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Outbox_LinkTakesNothing_NewestSetpointWinsAndStartedFrameIsFinished()
    {
        var pair = new MemoryStreamPair(capacity: 6);
        var outbox = new FrameOutbox();
        outbox.Latest([1, 1, 1, 1]);
        outbox.Flush(pair.Host); // 4 of 6 bytes used
        outbox.Latest([2, 2, 2, 2]);
        Assert.Equal(StreamStatus.Idle, outbox.Flush(pair.Host)); // half of it is out
        Assert.False(outbox.Latest([3, 3, 3, 3]));
        Assert.True(outbox.Latest([4, 4, 4, 4]));
        Assert.Equal([1, 1, 1, 1, 2, 2], ReadAll(pair.Device, 6));
        outbox.Flush(pair.Host);
        Assert.Equal([2, 2, 4, 4, 4, 4], ReadAll(pair.Device, 6));
        Assert.Equal(1, outbox.Replaced);
    }

    [Fact]
    public void Outbox_ProtocolFrames_KeepTheirOrderAndAreNeverReplaced()
    {
        var pair = new MemoryStreamPair();
        var outbox = new FrameOutbox(capacity: 8);
        Assert.True(outbox.Queue([1]));
        Assert.True(outbox.Queue([2, 2]));
        Assert.False(outbox.Queue([3, 3]));
        outbox.Flush(pair.Host);
        Assert.Equal([1, 2, 2], ReadAll(pair.Device, 3));
        Assert.Equal(1, outbox.Refused);
    }

    [Fact]
    public void Faults_ByteLoss_LosesAboutThatShare()
    {
        var clock = new ManualClock();
        var pair = new MemoryStreamPair();
        using var faulty = new FaultyByteStream(pair.Host, clock, seed: 1) { Faults = new StreamFaults { ByteLoss = 0.1 } };
        for (int i = 0; i < 100; i++)
            faulty.TryWrite(new byte[100], out _);
        var buffer = new byte[20_000];
        pair.Device.TryRead(buffer, out int arrived);
        Assert.InRange(arrived, 8_800, 9_200);
    }

    [Fact]
    public void Faults_Delay_HoldsBytesBackInOrder()
    {
        var clock = new ManualClock();
        var pair = new MemoryStreamPair();
        using var faulty = new FaultyByteStream(pair.Host, clock, seed: 1) { Faults = new StreamFaults { DelayNs = 1000 } };
        var buffer = new byte[2];
        pair.Device.TryWrite([1, 2, 3], out _);
        Assert.Equal(StreamStatus.Idle, faulty.TryRead(buffer, out _));
        clock.Advance(500);
        pair.Device.TryWrite([4], out _);
        Assert.Equal(StreamStatus.Idle, faulty.TryRead(buffer, out _));
        clock.Advance(500);
        Assert.Equal(StreamStatus.Ok, faulty.TryRead(buffer, out int n));
        Assert.Equal([1, 2], buffer[..n]);
        faulty.TryRead(buffer, out n);
        Assert.Equal([3], buffer[..n]);
        clock.Advance(500);
        faulty.TryRead(buffer, out n);
        Assert.Equal([4], buffer[..n]);
    }

    [Fact]
    public void PortList_UsbAdapter_HasStablePathAndIdentifiers()
    {
        using TempTree tree = new();
        string usb = tree.Folder("sys/devices/usb1/1-1");
        File.WriteAllText(Path.Combine(usb, "idVendor"), "0403\n");
        File.WriteAllText(Path.Combine(usb, "idProduct"), "6001\n");
        File.WriteAllText(Path.Combine(usb, "serial"), "A50285BI\n");
        string port = tree.Folder("sys/devices/usb1/1-1/1-1:1.0/ttyUSB0");
        File.WriteAllText(Path.Combine(port, "latency_timer"), "16\n");
        Directory.CreateSymbolicLink(Path.Combine(tree.Folder("sys/class/tty/ttyUSB0"), "device"), port);
        tree.Folder("sys/class/tty/tty1"); // a console has no device behind it
        string ttyS = tree.Folder("sys/class/tty/ttyS1");
        Directory.CreateDirectory(Path.Combine(ttyS, "device"));
        File.WriteAllText(Path.Combine(ttyS, "type"), "0\n");
        string dev = tree.Folder("dev");
        File.WriteAllText(Path.Combine(dev, "ttyUSB0"), "");
        string byId = Path.Combine(tree.Folder("dev/serial/by-id"), "usb-FTDI_A50285BI");
        File.CreateSymbolicLink(byId, Path.Combine(dev, "ttyUSB0"));
        SerialPortDescription found = Assert.Single(SerialPortList.Find(tree.Folder("sys"), dev));
        Assert.Equal(new SerialPortDescription(Path.Combine(dev, "ttyUSB0"), byId, "0403", "6001", "A50285BI", "", 16), found);
    }

    private static byte[] ReadAll(IByteStream stream, int count)
    {
        var buffer = new byte[count];
        int have = 0;
        while (have < count && (stream.TryRead(buffer.AsSpan(have), out int n) == StreamStatus.Ok || stream.Wait(2000)))
            have += n;
        return buffer[..have];
    }

    private sealed class TempTree : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("robotics-tree").FullName;

        public string Folder(string relative) => Directory.CreateDirectory(Path.Combine(_root, relative)).FullName;

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
