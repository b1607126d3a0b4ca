using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Dds;
using Robotics.Drivers.Ros2.Messages.NavMsgs;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

/// <summary>Bytes from somebody who means harm, or whose program is broken.</summary>
public sealed class HostileTests
{
    private const int Samples = 1_000_000;

    [Fact]
    public void Read_AMillionDamagedSamples_NeverThrowsAndNeverAllocatesMuchMoreThanItGot()
    {
        var random = new SeededRandom(5, "hostile");
        string[] types = ["nav_msgs/msg/Odometry", "sensor_msgs/msg/JointState", "tf2_msgs/msg/TFMessage", "rcl_interfaces/msg/ParameterEvent", "sensor_msgs/msg/PointCloud2"];
        byte[][] sound = [.. types.Select(t => Cdr.Bytes(RandomMessages.Make(InterfaceCatalog.Default, t, random)))];
        IRosMessage[] records = [.. types.Select(Records.Make)];
        var fields = new FieldReader(InterfaceCatalog.Default, types[1], ["position[name=a]", "velocity[0]"], "arm");
        var buffer = new byte[4096];
        long malformed = 0;
        long most = 0;
        for (int i = 0; i < Samples; i++)
        {
            int which = i % types.Length;
            Span<byte> sample = Damage(sound[which], buffer, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var reader = new CdrReader(sample);
            malformed += records[which].TryRead(ref reader) ? 0 : 1;
            if (fields.Read(sample) == FieldReadStatus.Malformed)
                malformed++;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.True(malformed > Samples / 4, $"{malformed} of {Samples} samples were found out");
        // Objects are larger than their bytes: at most 4096 bytes of input, a text of one byte is about 32 bytes of memory.
        Assert.InRange(most, 0, 64 * 4096);
    }

    [Fact]
    public void Subscription_RandomTruncatedAndWrongPayloads_AreCountedAndTheNextGoodOneArrives()
    {
        using RosContext a = Ros.Context();
        using RosContext b = Ros.Context();
        using RosNode attacker = a.CreateNode("attacker");
        using RosNode victim = b.CreateNode("victim");
        using Subscription odometry = victim.CreateSubscription<Odometry>("/odom", _ => { }, QosProfile.KeepAll);
        using RawPublisher publisher = attacker.CreateRawPublisher("/odom", "nav_msgs/msg/Odometry", QosProfile.KeepAll);
        Ros.Await(() => publisher.Subscribers == 1, "match");
        var random = new SeededRandom(6, "hostile");
        byte[] sound = Cdr.Bytes(new Odometry());
        var buffer = new byte[4096];
        int sent = 0;
        for (int i = 0; i < 5000; i++)
            sent += publisher.TryPublish(Damage(sound, buffer, random)) ? 1 : 0;
        sent += publisher.TryPublish(Cdr.Bytes(new JointState { Name = ["not", "odometry"] })) ? 1 : 0; // wrong type
        sent += publisher.TryPublish(new byte[(4 << 20) + 64] is var big && (big[1] = 1) == 1 ? big : []) ? 1 : 0; // over the limit
        Assert.True(publisher.TryPublish(sound));
        Ros.Await(() => odometry.Received + odometry.Malformed + odometry.Oversized == sent + 1, $"all {sent + 1} accounted for");
        Assert.Equal(1, odometry.Oversized);
        Assert.True(odometry.Malformed > 1000, $"{odometry.Malformed} malformed");
        Assert.True(odometry.Received >= 1);
        Assert.Equal(0, b.HandlerFailures);
    }

    [Fact]
    public void Driver_FloodOnEverySubscribedTopic_IsCountedDroppedAndSurvived()
    {
        using var rig = new FlightRig();
        using RosContext context = Ros.Context(rig.Driver.Settings.Options);
        HostileResult result = HostileBenchmark.Run(rig.Driver, context.CreateNode("attacker"), 10_000, seed: 8, MonotonicClock.Instance);
        Assert.Equal(0, result.HandlerFailures);
        Assert.True(result.ReadsAfterwards);
        Assert.True(result.Taken >= 0, result.ToString());
        Assert.True(result.Malformed > 2_000 && result.Oversized >= 5 && result.OtherFrame > 0 && result.Incomplete > 0, result.ToString());
    }

    [Fact]
    public void Graph_HostileDiscoveryMessages_AreCountedAndNothingBreaks()
    {
        using RosContext victim = Ros.Context();
        using RosContext attackerContext = Ros.Context();
        var random = new SeededRandom(7, "hostile");
        var topic = new DdsTopic(attackerContext.Participant, RosNames.DiscoveryTopic, "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_");
        using var writer = new DdsWriter(attackerContext.Publisher, topic, QosProfile.Latched, "");
        Ros.Await(() => writer.MatchedReaders > 0, "match");
        var buffer = new byte[4096];
        byte[] sound = Cdr.Bytes(RandomMessages.Make(InterfaceCatalog.Default, "rmw_dds_common/msg/ParticipantEntitiesInfo", random));
        for (int i = 0; i < 2000; i++)
            writer.Write(Damage(sound, buffer, random));
        Ros.Await(() => victim.Graph.Malformed > 0, "malformed graph messages");
        using RosNode node = attackerContext.CreateNode("still_seen");
        Ros.Await(() => victim.Graph.Nodes.Any(n => n.Name == "still_seen"), "an honest node afterwards");
        Assert.Equal(0, victim.HandlerFailures);
    }

    [Theory]
    [InlineData("0001000004000000")]
    [InlineData("00010000ffffffff61")]
    [InlineData("0001000003000000616263")]
    [InlineData("0003000001000000")]
    [InlineData("0001")]
    [InlineData("")]
    public void CdrReader_TextThatDoesNotFit_FailsWithoutReading(string hex)
    {
        var reader = new CdrReader(Convert.FromHexString(hex));
        string text = "kept";
        reader.ReadString(ref text);
        Assert.False(reader.Ok);
        Assert.Equal(0u, reader.ReadUInt32());
    }

    [Fact]
    public void CdrReader_BigEndian_IsSwapped()
    {
        var reader = new CdrReader(Convert.FromHexString("00000000" + "01020304" + "00000000" + "3ff0000000000000" + "00000002" + "00010002"));
        Assert.Equal(0x01020304u, reader.ReadUInt32());
        Assert.Equal(1.0, reader.ReadFloat64());
        ushort[] values = [];
        reader.ReadSequence(ref values);
        Assert.Equal([1, 2], values);
        Assert.True(reader.Ok);
    }

    [Fact]
    public void TryRead_EqualMessages_AllocateNothing()
    {
        byte[] imu = Cdr.Bytes(new Imu { Header = { FrameId = "imu_link" } });
        byte[] joints = Cdr.Bytes(new JointState { Name = ["a", "b"], Position = [1, 2] });
        var imuMessage = new Imu();
        var jointMessage = new JointState();
        AllocationGuard.AssertNone(() =>
        {
            var reader = new CdrReader(imu);
            imuMessage.TryRead(ref reader);
            reader = new CdrReader(joints);
            jointMessage.TryRead(ref reader);
        });
        Assert.Equal(2, jointMessage.Position[1]);
    }

    private static Span<byte> Damage(byte[] sound, byte[] buffer, SeededRandom random)
    {
        int length = Math.Min(sound.Length, buffer.Length);
        sound.AsSpan(0, length).CopyTo(buffer);
        switch (random.NextInt(4))
        {
            case 0: // truncated
                return buffer.AsSpan(0, random.NextInt(length));
            case 1: // some bytes changed
                for (int k = 0; k < 4; k++)
                    buffer[4 + random.NextInt(length - 4)] = (byte)random.NextInt(256);
                return buffer.AsSpan(0, length);
            case 2: // a huge count somewhere
                buffer.AsSpan(4 + (random.NextInt((length - 8) / 4) * 4), 4).Fill(0xff);
                return buffer.AsSpan(0, length);
            default: // noise behind a sound header
                int noise = 5 + random.NextInt(200);
                for (int k = 4; k < noise; k++)
                    buffer[k] = (byte)random.NextInt(256);
                return buffer.AsSpan(0, noise);
        }
    }
}
