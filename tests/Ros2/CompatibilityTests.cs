using System.Runtime.InteropServices;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Dds;
using Robotics.Drivers.Ros2.Messages.StdMsgs;

namespace Robotics.Ros2.Tests;

/// <summary>Distributions, environments, interfaces and libraries other than the ones at hand.</summary>
public sealed class CompatibilityTests
{
    private const int NoNodes24 = 4 + 24 + 4; // header, GID, count of nodes
    private const int NoNodes16 = 4 + 16 + 4;

    [Theory]
    [InlineData(GidLayout.Bytes16, NoNodes16)]
    [InlineData(GidLayout.Bytes24, NoNodes24)]
    public void Announce_LayoutOfADistribution_HasItsLength(GidLayout layout, int expected)
    {
        using RosContext listener = Ros.Context();
        var heard = new Announcements(listener);
        using RosContext announcer = Ros.Context(Ros.Options with { GidLayout = layout });
        Ros.Await(() => heard.LengthOf(announcer.Gid) == expected, $"an announcement of {expected} bytes");
    }

    [Fact]
    public void Announce_OnlyHumblePeers_SwitchesTo24BytesAndTheirNodesAreSeen()
    {
        using RosContext context = Ros.Context();
        Assert.False(context.Graph.UsesLongGids);
        int participant = DdsException.Check(DdsNative.dds_create_participant((uint)Ros.Domain, 0, 0), "participant");
        int publisher = DdsException.Check(DdsNative.dds_create_publisher(participant, 0, 0), "publisher");
        var topic = new DdsTopic(participant, RosNames.DiscoveryTopic, "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_");
        using (var humble = new DdsWriter(publisher, topic, QosProfile.Latched, "")) // no type hash, as before Iron
        {
            var message = new CdrWriter();
            Span<byte> gid = stackalloc byte[24];
            humble.Gid.CopyTo(gid);
            message.WriteFixed<byte>(gid);
            message.WriteCount(1);
            message.WriteString("/old", 256);
            message.WriteString("turtle", 256);
            message.WriteCount(0);
            message.WriteCount(0);
            Assert.True(humble.Write(message.Written) >= 0);
            Ros.Await(() => context.Graph.UsesLongGids && context.Graph.Nodes.Any(n => n.FullName == "/old/turtle"), "a Humble peer");
        }
        DdsNative.dds_delete(participant);
    }

    [Fact]
    public void FromEnvironment_RosVariables_AreFollowedAndNonsenseIsNamed()
    {
        using var domain = new Variable("ROS_DOMAIN_ID", "42");
        using var range = new Variable("ROS_AUTOMATIC_DISCOVERY_RANGE", "");
        using var distribution = new Variable("ROS_DISTRO", "humble");
        using var peers = new Variable("ROS_STATIC_PEERS", "10.0.0.7;robot.local");
        RosOptions options = RosOptions.FromEnvironment();
        Assert.Equal((42, DiscoveryRange.Localhost, GidLayout.Bytes24), (options.Domain, options.Discovery, options.GidLayout));
        Assert.Equal(["10.0.0.7", "robot.local"], options.StaticPeers);
        Assert.Contains("<AllowMulticast>false</AllowMulticast>", options.ToCycloneXml(), StringComparison.Ordinal);
        Assert.Contains("<Peer address=\"localhost\"/>", options.ToCycloneXml(), StringComparison.Ordinal);
        Assert.DoesNotContain("AllowMulticast", (options with { Discovery = DiscoveryRange.Subnet }).ToCycloneXml(), StringComparison.Ordinal);
        using var nonsense = new Variable("ROS_DOMAIN_ID", "300");
        Assert.Contains("ROS_DOMAIN_ID=300: expected 0 to 232", Assert.Throws<ArgumentException>(RosOptions.FromEnvironment).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_NamespaceAndRemapping_ResolveAsRosDoes()
    {
        using RosContext context = Ros.Context();
        using RosNode node = context.CreateNode("camera", "/robot1", new Dictionary<string, string> { ["image"] = "/shared/image", ["~/info"] = "details" });
        Assert.Equal(
            ["/robot1/depth", "/robot1/camera/state", "/absolute", "/shared/image", "/robot1/details"],
            new[] { "depth", "~/state", "/absolute", "image", "~/info" }.Select(node.Resolve));
    }

    [Fact]
    public async Task Catalog_WorkspaceOnDisk_GivesTypesHashesAndServices()
    {
        string workspace = Directory.CreateTempSubdirectory("robotics-ros2-").FullName;
        Directory.CreateDirectory(Path.Combine(workspace, "share", "gripper_msgs", "msg"));
        Directory.CreateDirectory(Path.Combine(workspace, "share", "gripper_msgs", "srv"));
        File.WriteAllText(Path.Combine(workspace, "share", "gripper_msgs", "msg", "Grip.msg"), "float64 force # N\nstring<=8 finger\n");
        File.WriteAllText(Path.Combine(workspace, "share", "gripper_msgs", "srv", "Close.srv"), "Grip grip\n---\nbool held\nfloat64 force\n");
        // A copy of a type that ships, under another package: same fields, so the hash differs by its name alone.
        File.WriteAllText(Path.Combine(workspace, "share", "gripper_msgs", "msg", "Bool.msg"), "bool data\n");
        var catalog = new InterfaceCatalog([workspace]); // as AMENT_PREFIX_PATH
        Assert.StartsWith("RIHS01_", TypeHash.Of(catalog, "gripper_msgs/srv/Close_Request"), StringComparison.Ordinal);
        Assert.NotEqual(Bool.RosTypeHash, TypeHash.Of(catalog, "gripper_msgs/msg/Bool"));

        using RosContext a = Ros.Context(Ros.Options with { Interfaces = catalog });
        using RosContext b = Ros.Context(Ros.Options with { Interfaces = catalog });
        using RosNode gripper = a.CreateNode("gripper");
        using RosNode user = b.CreateNode("user");
        using RosService service = gripper.CreateService("close", "gripper_msgs/srv/Close", (request, response) =>
        {
            response["held"] = (string)request["grip.finger"] == "left";
            response["force"] = (double)request["grip.force"] / 2;
        });
        using RosClient<DynamicMessage, DynamicMessage> client = user.CreateClient("/close", "gripper_msgs/srv/Close");
        DynamicMessage request = user.CreateMessage("gripper_msgs/srv/Close_Request");
        request["grip.force"] = 3.0;
        request["grip.finger"] = "left";
        DynamicMessage answer = await client.CallAsync(request, TimeSpan.FromSeconds(20));
        Assert.Equal((true, 1.5), ((bool)answer["held"], (double)answer["force"]));
        Ros.Await(() => b.Graph.Services.Contains(("/close", "gripper_msgs/srv/Close")), "the service in the graph");
        Directory.Delete(workspace, recursive: true);
    }

    [Fact]
    public void Library_ThatIsNoCyclone_IsRefusedByWhatItLacks()
    {
        Assert.SkipUnless(DdsLibrary.IsAvailable(out string reason), reason);
        Assert.Empty(DdsLibrary.MissingExports(DdsLibrary.Load()));
        Assert.Contains("dds_takecdr", DdsLibrary.MissingExports(NativeLibrary.Load("libc.so.6")));
    }

    private sealed class Announcements : ISampleSink
    {
        private readonly Dictionary<Gid, int> _lengths = [];

        public Announcements(RosContext context)
        {
            var topic = new DdsTopic(context.Participant, RosNames.DiscoveryTopic, "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_");
            var reader = new DdsReader(context.Subscriber, topic, QosProfile.Latched with { Depth = 0 }, "");
            context.Receiver.Attach(reader.Handle, () => reader.Take(this));
        }

        public int LengthOf(Gid participant)
        {
            lock (_lengths)
            {
                return _lengths.GetValueOrDefault(participant);
            }
        }

        public void OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info)
        {
            lock (_lengths)
            {
                _lengths[Gid.From(cdr[4..])] = cdr.Length;
            }
        }
    }

    private sealed class Variable : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public Variable(string name, string value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
