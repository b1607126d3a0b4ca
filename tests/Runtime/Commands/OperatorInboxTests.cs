using System.Net;
using System.Net.Sockets;
using Robotics.Runtime.Commands;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Commands;

public sealed class OperatorInboxTests
{
    private static readonly byte[] s_key = [1, 2, 3, 4];

    private static byte[] Datagram(OperatorVerb verb, ulong sequence, ulong boot, byte[]? key = null)
    {
        var bytes = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(verb, sequence, boot, key ?? s_key, bytes);
        return bytes;
    }

    [Fact]
    public void Accept_Replayed_Arm_IsRefused_ButAReplayedStopCounts()
    {
        var inbox = new OperatorInbox(boot: 9, s_key);
        byte[] arm = Datagram(OperatorVerb.Arm, 5, 9), stop = Datagram(OperatorVerb.EmergencyStop, 1, 0);
        Assert.Equal(OperatorVerb.Arm, inbox.Accept(arm));
        Assert.Equal(OperatorVerb.None, inbox.Accept(arm));
        Assert.Equal(OperatorVerb.EmergencyStop, inbox.Accept(stop));
        Assert.Equal(OperatorVerb.EmergencyStop, inbox.Accept(stop));
        Assert.Equal(1, inbox.Refused);
    }

    [Fact]
    public void Accept_OtherBoot_IsRefused() =>
        Assert.Equal(OperatorVerb.None, new OperatorInbox(boot: 9, s_key).Accept(Datagram(OperatorVerb.Arm, 5, 8)));

    [Fact]
    public void Accept_WrongKey_IsRefusedEvenForAStop() =>
        Assert.Equal(OperatorVerb.None, new OperatorInbox(9, s_key).Accept(Datagram(OperatorVerb.EmergencyStop, 1, 9, [9])));

    [Fact]
    public void Accept_AnyChangedByte_IsRefused()
    {
        byte[] good = Datagram(OperatorVerb.Disarm, 5, 9);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x40;
            Assert.Equal(OperatorVerb.None, new OperatorInbox(9, s_key).Accept(bad));
        }
    }

    [Fact]
    public void TryReceive_LocalSocket_GivesWhatWasSentAndAllocatesNothing()
    {
        string path = Path.Combine(Path.GetTempPath(), $"robotics-test-{Guid.NewGuid():N}.sock");
        using DatagramSocket socket = DatagramSocket.BindLocal(path);
        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        sender.SendTo(Datagram(OperatorVerb.Arm, 1, 9, []), new UnixDomainSocketEndPoint(path));
        var buffer = new byte[128];
        Assert.Equal(OperatorCommandCodec.Length, socket.TryReceive(buffer));
        var inbox = new OperatorInbox(9, Array.Empty<byte>());
        Assert.Equal(OperatorVerb.Arm, inbox.Accept(buffer.AsSpan(0, OperatorCommandCodec.Length)));
        AllocationGuard.AssertNone(() => socket.TryReceive(buffer));
        byte[] stop = Datagram(OperatorVerb.EmergencyStop, 2, 9);
        var keyed = new OperatorInbox(9, s_key);
        AllocationGuard.AssertNone(() => keyed.Accept(stop));
    }

    [Fact]
    public void BindUdp_PortInUse_SaysWhatToDo()
    {
        using DatagramSocket first = DatagramSocket.BindUdp(new IPEndPoint(IPAddress.Loopback, 0));
        int port = first.Port;
        IOException e = Assert.Throws<IOException>(() => DatagramSocket.BindUdp(new IPEndPoint(IPAddress.Loopback, port)));
        Assert.Contains("choose another port", e.Message, StringComparison.Ordinal);
    }
}
