using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;
using StdMsgs = Robotics.Drivers.Ros2.Messages.StdMsgs;

namespace Robotics.Ros2.Tests;

/// <summary>Messages that a peer of another vendor or language decodes into its own types, encodes anew and sends back.</summary>
[Trait("Category", "Interop")]
public sealed class InteropTests
{
    private const int SmallMessages = 400;
    private const int Images = 12;
    private const int ImageBytes = 921_600; // 640 x 480 rgb8

    [Fact]
    public void Echo_CycloneInC_ReturnsEveryMessageByteForByte() => Echo(Peers.Cyclone(), Ros.Domain.ToString(System.Globalization.CultureInfo.InvariantCulture), "echo");

    [Fact]
    public void Echo_FastDds_ReturnsEveryMessageByteForByte() => Echo(Peers.FastDds(), Ros.Domain.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static void Echo(string program, params string[] arguments)
    {
        using RosContext context = Ros.Context();
        using RosNode node = context.CreateNode("interop");
        using RunningPeer peer = Peers.Start(program, arguments);
        var random = new SeededRandom(3, "interop");
        RoundTrip<StdMsgs.String>(node, peer, "string", SmallMessages, i => new StdMsgs.String { Data = $"message {i} äß€" });
        RoundTrip<Imu>(node, peer, "imu", SmallMessages, i => FilledImu(i, random));
        RoundTrip<JointState>(node, peer, "joints", SmallMessages, i => new JointState
        {
            Header = { FrameId = "arm", Stamp = { Sec = i } },
            Name = [.. Enumerable.Range(0, i % 9).Select(j => $"joint_{j}")],
            Position = [.. Enumerable.Range(0, i % 9).Select(_ => random.NextDouble())],
            Effort = [1, 2],
        });
        RoundTrip<Image>(node, peer, "image", Images, i => FilledImage(i));
    }

    private static void RoundTrip<T>(RosNode node, RunningPeer peer, string name, int count, Func<int, T> make)
        where T : class, IRosMessage<T>, new()
    {
        var back = new List<byte[]>();
        using Publisher<T> publisher = node.CreatePublisher<T>("/in_" + name, QosProfile.KeepAll);
        using Subscription subscription = node.CreateSubscription<T>("/out_" + name, m => { lock (back) { back.Add(Cdr.Bytes(m)); } }, QosProfile.KeepAll);
        Ros.Await(() => publisher.Subscribers == 1 && subscription.Publishers == 1 && peer.IsRunning, $"match with the peer on {name}; {peer.Output}");
        // A match seen here may be ahead of the peer's: probes until one comes back, then what counts.
        T probe = make(count);
        Ros.Await(() => publisher.TryPublish(probe) && subscription.Received > 0, $"a first echo of {name}; {peer.Output}");
        var sent = new List<byte[]>();
        for (int i = 0; i < count; i++)
        {
            T message = make(i);
            sent.Add(Cdr.Bytes(message));
            Assert.True(publisher.TryPublish(message));
        }
        byte[] skipped = Cdr.Bytes(probe);
        List<byte[]> Counted()
        {
            lock (back)
            {
                return [.. back.Where(b => !b.AsSpan().SequenceEqual(skipped))];
            }
        }
        Ros.Await(() => Counted().Count >= count, $"all {count} of {name}; {subscription.Malformed} malformed", seconds: 60);
        List<byte[]> came = Counted();
        Assert.Equal(0, subscription.Malformed);
        Assert.Equal(count, came.Count);
        for (int i = 0; i < count; i++)
            Assert.True(sent[i].AsSpan().SequenceEqual(came[i]), $"{name} {i} came back changed or out of order");
    }

    private static Imu FilledImu(int i, SeededRandom random)
    {
        var m = new Imu { Header = { FrameId = new string('f', i % 7), Stamp = { Sec = i, Nanosec = (uint)i } }, Orientation = { X = random.NextDouble() } };
        for (int k = 0; k < 9; k++)
            m.AngularVelocityCovariance[k] = m.LinearAccelerationCovariance[k] = random.NextDouble();
        m.AngularVelocity.Y = -random.NextDouble();
        m.LinearAcceleration.Z = 9.81;
        return m;
    }

    private static Image FilledImage(int i)
    {
        var m = new Image { Header = { FrameId = "camera", Stamp = { Sec = i } }, Width = 640, Height = 480, Step = 1920, Encoding = "rgb8", Data = new byte[ImageBytes] };
        for (int k = 0; k < m.Data.Length; k++)
            m.Data[k] = (byte)((k * 31) + i);
        return m;
    }
}
