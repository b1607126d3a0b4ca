using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;
using Robotics.Drivers.Ros2.Messages.StdSrvs;

namespace Robotics.Ros2.Tests;

public sealed class ContextTests
{
    [Fact]
    public void Publisher_Imu_ArrivesUnchanged()
    {
        using RosContext a = Ros.Context();
        using RosContext b = Ros.Context();
        using RosNode talker = a.CreateNode("talker", "/arm");
        using RosNode listener = b.CreateNode("listener", "/arm");
        Imu? last = null;
        using Subscription subscription = listener.CreateSubscription<Imu>("imu", m => last = m with { });
        using Publisher<Imu> publisher = talker.CreatePublisher<Imu>("imu");
        Ros.Await(() => publisher.Subscribers == 1, "match");
        var sent = new Imu { Header = { FrameId = "imu_link", Stamp = { Sec = 7, Nanosec = 8 } }, AngularVelocity = { X = 1.5, Z = -2 } };
        sent.LinearAccelerationCovariance[8] = 0.25;
        Assert.True(publisher.TryPublish(sent));
        Ros.Await(() => subscription.Received == 1, "sample");
        Assert.Equal("/arm/imu", publisher.Topic);
        Assert.Equal("imu_link", last!.Header.FrameId);
        Assert.Equal(8u, last.Header.Stamp.Nanosec);
        Assert.Equal(-2, last.AngularVelocity.Z);
        Assert.Equal(0.25, last.LinearAccelerationCovariance[8]);
    }

    [Fact]
    public async Task Client_SetBool_GetsTheServersAnswer()
    {
        using RosContext a = Ros.Context();
        using RosContext b = Ros.Context();
        using RosNode server = a.CreateNode("server");
        using RosNode caller = b.CreateNode("caller");
        using RosService service = server.CreateService<SetBoolRequest, SetBoolResponse>(
            "enable", (request, response) => (response.Success, response.Message) = (request.Data, request.Data ? "on" : "off"));
        using RosClient<SetBoolRequest, SetBoolResponse> client = caller.CreateClient<SetBoolRequest, SetBoolResponse>("/enable");
        for (int i = 0; i < 20; i++)
        {
            SetBoolResponse answer = await client.CallAsync(new SetBoolRequest { Data = i % 2 == 0 }, TimeSpan.FromSeconds(20));
            Assert.Equal(i % 2 == 0, answer.Success);
            Assert.Equal(i % 2 == 0 ? "on" : "off", answer.Message);
        }
        Assert.Equal(20, service.Served);
    }

    [Fact]
    public void Graph_TwoParticipants_SeeEachOthersNodesTopicsAndHashes()
    {
        using RosContext a = Ros.Context();
        using RosContext b = Ros.Context();
        using RosNode node = a.CreateNode("camera", "/robot1");
        using Publisher<Image> images = node.CreatePublisher<Image>("~/image", QosProfile.SensorData);
        Ros.Await(() => b.Graph.Nodes.Any(n => n.FullName == "/robot1/camera" && n.Writers.Contains(images.Gid)), "node with its writer");
        Ros.Await(() => b.Graph.Endpoints.Any(e => e.Gid == images.Gid), "endpoint");
        GraphEndpoint endpoint = b.Graph.Endpoints.Single(e => e.Gid == images.Gid);
        Assert.Equal("/robot1/camera/image", endpoint.Topic);
        Assert.Equal("sensor_msgs/msg/Image", endpoint.Type);
        Assert.Equal(Image.RosTypeHash, endpoint.TypeHash);
        Assert.False(endpoint.Reliable);
        node.Dispose();
        Ros.Await(() => b.Graph.Nodes.All(n => n.FullName != "/robot1/camera"), "node gone");
    }

    [Fact]
    public void Subscription_Latched_GetsWhatWasPublishedBefore()
    {
        using RosContext a = Ros.Context();
        using RosContext b = Ros.Context();
        using RosNode early = a.CreateNode("early");
        using Publisher<Joy> publisher = early.CreatePublisher<Joy>("/state", QosProfile.Latched);
        Assert.True(publisher.TryPublish(new Joy { Axes = [1, 2, 3] }));
        using RosNode late = b.CreateNode("late", remap: new Dictionary<string, string> { ["status"] = "/state" });
        float[] axes = [];
        using Subscription subscription = late.CreateSubscription<Joy>("status", m => axes = [.. m.Axes], QosProfile.Latched);
        Ros.Await(() => subscription.Received == 1, "latched sample");
        Assert.Equal([1f, 2f, 3f], axes);
    }

    [Fact]
    public void Subscription_TypeKnownOnlyAtRunTime_ReadsByName()
    {
        var catalog = new InterfaceCatalog([]);
        catalog.Add("my_robot/msg/Wheel", "float64 speed\nstring name\nuint8[<=4] flags");
        catalog.Add("my_robot/msg/Wheels", "std_msgs/Header header\nWheel[2] wheels\nfloat32 gain 1.5 # comment");
        using RosContext a = Ros.Context(Ros.Options with { Interfaces = catalog });
        using RosNode node = a.CreateNode("dynamic");
        DynamicMessage? got = null;
        using Subscription subscription = node.CreateSubscription("/wheels", "my_robot/msg/Wheels", m => got = m);
        using RawPublisher publisher = node.CreateRawPublisher("/wheels", "my_robot/Wheels".Replace("/", "/msg/", StringComparison.Ordinal));
        var message = new DynamicMessage(catalog, "my_robot/msg/Wheels") { ["header.frame_id"] = "base", ["gain"] = 2f };
        ((DynamicMessage[])message["wheels"])[1]["speed"] = 4.5;
        Ros.Await(() => publisher.Subscribers == 1, "match");
        Assert.True(publisher.TryPublish(message));
        Ros.Await(() => subscription.Received == 1, "sample");
        Assert.Equal("base", got!["header.frame_id"]);
        Assert.Equal(4.5, ((DynamicMessage[])got["wheels"])[1]["speed"]);
    }
}
