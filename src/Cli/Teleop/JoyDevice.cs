using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>A ROS 2 topic of sensor_msgs/Joy as a device. <c>joy_node</c> must repeat (autorepeat_rate 20, its default): silence means the pad is lost.</summary>
internal sealed class JoyDevice : IDisposable
{
    private readonly RosContext _context;
    private readonly Subscription _subscription;

    /// <summary>Subscribes to <paramref name="topic"/>, in the graph that the environment names where no other is given.</summary>
    public JoyDevice(string topic, RosOptions? options = null)
    {
        Device = new ReportedDevice($"joy {topic}", DeviceKinds.JoyAxes, DeviceKinds.JoyButtons);
        _context = new RosContext(options ?? RosOptions.FromEnvironment(), MonotonicClock.Instance);
        RosNode node = _context.CreateNode("robotics_teleop", "/");
        _subscription = node.CreateSubscription<Joy>(topic, Take);
    }

    public ReportedDevice Device { get; }

    public void Dispose()
    {
        _subscription.Dispose();
        _context.Dispose();
    }

    private void Take(Joy joy)
    {
        Span<bool> held = stackalloc bool[DeviceKinds.JoyButtons.Count];
        for (int i = 0; i < held.Length && i < joy.Buttons.Length; i++)
            held[i] = joy.Buttons[i] != 0;
        Device.Report(joy.Axes, held, MonotonicClock.Instance.NowNs);
    }
}
