using System.Globalization;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.StdSrvs;

namespace Robotics.Ros2.Tests;

/// <summary>Services and parameters called by a Cyclone DDS program in C, with types that idlc made: what <c>ros2 service call</c> and <c>ros2 param set</c> put on the wire.</summary>
[Trait("Category", "Interop")]
public sealed class ForeignCallTests
{
    private static readonly string s_domain = Ros.Domain.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Trigger_FromC_IsServedAndAnswered()
    {
        string peer = Peers.Cyclone();
        using RosContext context = Ros.Context();
        using RosNode node = context.CreateNode("robotics", "/quad");
        using RosService service = node.CreateService<TriggerRequest, TriggerResponse>(
            "~/emergency_stop", (_, response) => (response.Success, response.Message) = (true, "emergency stop latched"));
        Assert.Equal("1 emergency stop latched", Call(peer, "trigger", "/quad/robotics/emergency_stop"));
        Assert.Equal(1, service.Served);
    }

    [Fact]
    public void SetParameter_FromC_IsSetWithinItsRangeOnly()
    {
        string peer = Peers.Cyclone();
        using RosContext context = Ros.Context();
        using RosNode node = context.CreateNode("tuned");
        var parameters = new ParameterServer(node, new RosTime(MonotonicClock.Instance, simulated: false), [new ParameterDeclaration("gain", 0.5, "Loop gain.", Minimum: 0, Maximum: 2)]);
        Assert.Equal("1", Call(peer, "set", "/tuned", "gain", "1.5").Trim());
        Assert.Equal(1.5, parameters["gain"]);
        Assert.StartsWith("0 gain = 7 is outside [0, 2]", Call(peer, "set", "/tuned", "gain", "7"), StringComparison.Ordinal);
        Assert.Equal(1.5, parameters["gain"]);
    }

    private static string Call(string peer, params string[] arguments)
    {
        using RunningPeer running = Peers.Start(peer, [s_domain, .. arguments]);
        Ros.Await(() => !running.IsRunning && running.Output.Trim().Length > 0, $"an answer to {string.Join(' ', arguments)}");
        return running.Output.TrimEnd();
    }
}
