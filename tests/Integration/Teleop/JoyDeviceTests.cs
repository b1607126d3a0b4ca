using Robotics.Cli.Teleop;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Dds;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;

namespace Robotics.Integration.Tests.Teleop;

public sealed class JoyDeviceTests
{
    [Fact]
    public void Poll_JoyPublishedOverDds_GivesAxesAndButtonsAndFallsSilentWithThePublisher()
    {
        Assert.SkipUnless(DdsLibrary.IsAvailable(out string reason), reason);
        RosOptions options = new() { Domain = 100 + (Environment.ProcessId % 100) };
        using var joy = new JoyDevice("/joy", options);
        using (var context = new RosContext(options, MonotonicClock.Instance))
        {
            Publisher<Joy> publisher = context.CreateNode("joy_node", "/").CreatePublisher<Joy>("/joy");
            Assert.True(Await(joy, () => publisher.TryPublish(new Joy { Axes = [0.5f, -1f], Buttons = [0, 1] }), () => joy.Device.IsHeld(1)), "no joy message within 20 s");
            Assert.Equal((0.5f, -1f, 0f), (joy.Device.Axis(0), joy.Device.Axis(1), joy.Device.Axis(2)));
        }
        Assert.True(Await(joy, () => { }, () => !joy.Device.IsPresent), "the pad did not fall silent");
        Assert.False(joy.Device.IsHeld(1));
    }

    private static bool Await(JoyDevice joy, Action each, Func<bool> condition)
    {
        using var pause = new ManualResetEventSlim();
        long deadline = MonotonicClock.Instance.NowNs + 20_000_000_000;
        while (MonotonicClock.Instance.NowNs < deadline)
        {
            each();
            joy.Device.Poll(MonotonicClock.Instance.NowNs);
            if (condition())
                return true;
            pause.Wait(20);
        }
        return false;
    }
}
