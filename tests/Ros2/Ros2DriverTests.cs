using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;
using Robotics.Drivers.Ros2.Messages.Tf2Msgs;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

public sealed class Ros2DriverTests
{
    [Fact]
    public void Flight_BaselineThroughDds_HoldsTheStartAndReactsToTheRobotsDeath()
    {
        using var rig = new FlightRig();
        Assert.Equal(ReadStatus.Missing, rig.Driver.Read(rig.Sample));
        rig.StartSimulator();
        for (int i = 0; i < 5; i++)
            rig.Tick();
        Assert.Equal(ReadStatus.Ok, rig.Sample.Status);
        rig.Arm();
        for (int i = 0; i < 200; i++)
            rig.Tick();
        Assert.False(rig.Simulator!.IsOnStand);
        Assert.InRange(Distance(rig.Sample), 0, 0.1);
        Assert.Equal(SafetyCauses.None, rig.Supervisor.Causes & SafetyCauses.StaleSample);

        rig.StopSimulator();
        for (int i = 0; i < 8; i++)
            rig.Tick(); // 80 ms against staleness limits of 50 ms
        Assert.True(rig.Supervisor.Causes.HasFlag(SafetyCauses.StaleSample), rig.Supervisor.Causes.ToString());
        Assert.False(rig.Supervisor.PolicyMayAct);
        for (int i = 0; i < 300; i++)
            rig.Tick();
        rig.Supervisor.Disarm();

        rig.StartSimulator();
        for (int i = 0; i < 100; i++)
            rig.Tick();
        Assert.Equal(SafetyCauses.None, rig.Supervisor.Causes & SafetyCauses.StaleSample);
        Assert.True(rig.Supervisor.PolicyMayAct);
    }

    [Fact]
    public void Read_MappedTopics_FillValuesTimesAndUnits()
    {
        using var rig = new FlightRig();
        rig.StartSimulator();
        rig.Tick();
        rig.Tick();
        ReadOnlySpan<float> values = rig.Sample.Values;
        Assert.Equal(1f, values[rig.Driver.StateChannels.IndexOf("orientation.w")]);
        float hover = values[rig.Driver.StateChannels.IndexOf("rotor_speed.0")];
        Assert.InRange(hover, 14000, 15000); // 14,475 rpm: sqrt(m g / 4 / 3.16e-10), over rad/s on the wire
        Assert.All(rig.Sample.TimesNs.ToArray(), t => Assert.InRange(t, rig.Clock.NowNs - 10_000_000, rig.Clock.NowNs));
        Assert.InRange(rig.Sample.SampleTimeNs, rig.Clock.NowNs - 1_000_000_000, rig.Clock.NowNs);
    }

    [Fact]
    public void ReadAndWrite_EveryTick_AllocateNothing()
    {
        using var rig = new FlightRig();
        rig.StartSimulator();
        rig.Tick();
        SafeCommand command = rig.Last;
        AllocationGuard.AssertNone(() =>
        {
            rig.Driver.Read(rig.Sample);
            rig.Driver.Write(command);
        });
    }

    [Fact]
    public void IsReady_RobotNoLongerAnswers_StandsUntilThreeAnswersAreMissing()
    {
        using var rig = new FlightRig();
        rig.StartSimulator();
        Ros.Await(() => rig.Driver.IsReady, "the robot proves its identity");
        string confirmed = rig.Driver.Diagnosis;
        rig.StopSimulator();
        long stoppedNs = rig.Clock.NowNs;
        Ros.Await(
            () =>
            {
                rig.Clock.Advance(1_000_000); // the question's own time-out is on this clock
                return rig.Driver.Diagnosis != confirmed;
            },
            "a question without an answer");
        Assert.True(rig.Driver.IsReady || rig.Clock.NowNs - stoppedNs >= 3_000_000_000, rig.Driver.Diagnosis);
        rig.Clock.Advance(3_000_000_000);
        Assert.False(rig.Driver.IsReady);
    }

    [Fact]
    public void Write_DefaultCommand_IsRefused()
    {
        using var rig = new FlightRig();
        Assert.Equal(WriteStatus.Refused, rig.Driver.Write(default));
    }

    [Fact]
    public void Create_FaultyFile_ListsEveryProblemAndConnectsNothing()
    {
        ConfigDocument document = ConfigDocument.Parse(
            """
            driver:
              kind: ros2
              subscriptions:
                - topic: imu
                  type: sensor_msgs/msg/Imu
                  fields: { angular_velocity.q: w, orientation.x: nowhere }
                - topic: odd type
                  type: my_msgs/msg/Absent
                  fields: { data: w }
                - topic: joints
                  type: sensor_msgs/msg/JointState
                  units: { "position[0]": deg }
                  fields: { "position[0]": v }
            channels:
              state: [{ name: w, unit: rad/s }, { name: v, unit: m }, { name: unfilled, unit: m }]
              command: [{ name: u, unit: "1" }]
            """,
            "robot.yaml");
        using IRobotDriver driver = RobotDrivers.Create(document.Root, new ManualClock(), 1);
        string all = string.Join('\n', document.Problems);
        Assert.Contains("no field 'q'; it has x, y, z", all, StringComparison.Ordinal);
        Assert.Contains("has no 'nowhere'", all, StringComparison.Ordinal);
        Assert.Contains("my_msgs/msg/Absent", all, StringComparison.Ordinal);
        Assert.Contains("'deg' cannot be converted to 'm'", all, StringComparison.Ordinal);
        Assert.Contains("no topic fills unfilled", all, StringComparison.Ordinal);
        Assert.Contains("needs minimum and maximum", all, StringComparison.Ordinal);
        Assert.Null(((Ros2Driver)driver).Node);
    }

    [Fact]
    public void Read_TransformsOverACommonAncestor_GivePoseAndHonourSimulatedTime()
    {
        ConfigDocument document = ConfigDocument.Parse(
            $$"""
            driver:
              kind: ros2
              domain: {{Ros.Domain}}
              interface: lo
              use_sim_time: true
              tf:
                - parent: map
                  child: camera
                  fields: { translation.x: x, translation.y: y, rotation.z: qz }
              publications:
                - { topic: u, type: std_msgs/msg/Float64, fields: { u: data } }
            channels:
              state: [{ name: x, unit: m }, { name: y, unit: m }, { name: qz, unit: "1" }]
              command: [{ name: u, unit: "1", minimum: -1, maximum: 1 }]
            """,
            "robot.yaml");
        Assert.SkipUnless(Robotics.Drivers.Ros2.Dds.DdsLibrary.IsAvailable(out string reason), reason);
        var clock = new ManualClock(5_000_000_000);
        using IRobotDriver driver = RobotDrivers.Create(document.Root, clock, 1);
        Assert.Empty(document.Problems);
        using RosContext context = Ros.Context();
        using RosNode node = context.CreateNode("broadcaster");
        using Publisher<TFMessage> moving = node.CreatePublisher<TFMessage>("/tf");
        using Publisher<TFMessage> fixedFrames = node.CreatePublisher<TFMessage>("/tf_static", QosProfile.Latched);
        using Publisher<Robotics.Drivers.Ros2.Messages.RosgraphMsgs.Clock> time = node.CreatePublisher<Robotics.Drivers.Ros2.Messages.RosgraphMsgs.Clock>("/clock");
        Ros.Await(() => moving.Subscribers > 0 && fixedFrames.Subscribers > 0 && time.Subscribers > 0, "match");
        time.TryPublish(new() { ClockValue = { Sec = 100, Nanosec = 500_000_000 } });
        Ros.Await(() => ((Ros2Driver)driver).Time.NowNs == 100_500_000_000, "simulated time");
        double half = Math.Sqrt(0.5);
        fixedFrames.TryPublish(new TFMessage { Transforms = [Transform("base", "camera", 1, 0, 0, 1, 0)] });
        moving.TryPublish(new TFMessage { Transforms = [Transform("odom", "base", 2, 3, half, half, 100), Transform("map", "odom", 10, 0, 0, 1, 100)] });
        var sample = new SensorSample(driver.StateChannels);
        Ros.Await(() => driver.Read(sample) == ReadStatus.Ok, "pose");
        Assert.Equal(12, sample.Values[0], 5);
        Assert.Equal(4, sample.Values[1], 5); // the camera's 1 m forward, turned 90 degrees left
        Assert.Equal(half, sample.Values[2], 5);
        Assert.Equal(5_000_000_000 - 500_000_000, sample.SampleTimeNs);
    }

    [Fact]
    public void FieldReader_JointByName_FollowsTheOrderOfTheMessage()
    {
        var reader = new FieldReader(InterfaceCatalog.Default, "sensor_msgs/msg/JointState", ["position[name=elbow]", "velocity[name=shoulder]", "effort[0]"]);
        var message = new JointState { Name = ["shoulder", "elbow"], Position = [1, 2], Velocity = [3, 4], Effort = [5], Header = { Stamp = { Sec = 6, Nanosec = 7 } } };
        Assert.Equal(FieldReadStatus.Ok, reader.Read(Cdr.Bytes(message)));
        Assert.Equal([2.0, 3.0, 5.0], reader.Values.ToArray());
        Assert.Equal(6_000_000_007, reader.StampNs);
        (message.Name[0], message.Name[1]) = (message.Name[1], message.Name[0]);
        Assert.Equal(FieldReadStatus.Ok, reader.Read(Cdr.Bytes(message)));
        Assert.Equal([1.0, 4.0, 5.0], reader.Values.ToArray());
        message.Name = ["wrist"];
        Assert.Equal(FieldReadStatus.Incomplete, reader.Read(Cdr.Bytes(message)));
    }

    private static Drivers.Ros2.Messages.GeometryMsgs.TransformStamped Transform(string parent, string child, double x, double y, double qz, double qw, int sec) =>
        new()
        {
            Header = { FrameId = parent, Stamp = { Sec = sec } },
            ChildFrameId = child,
            Transform = { Translation = { X = x, Y = y }, Rotation = { Z = qz, W = qw } },
        };

    private static double Distance(SensorSample s) =>
        Math.Sqrt((s.Values[0] * s.Values[0]) + (s.Values[1] * s.Values[1]) + (s.Values[2] * s.Values[2]));
}
