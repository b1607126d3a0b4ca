using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.People;
using Robotics.Transport;

namespace Robotics.Cli.Teleop;

/// <summary>The agent's end of teleoperation with its socket; absent where the run lets nobody steer.</summary>
internal sealed class AgentStation : IDisposable
{
    private readonly ZmqLearnerChannel _channel;
    private readonly OperatorLine _line;
    private readonly TeleopStation _station;
    private long _refusedKeys;

    private AgentStation(ZmqLearnerChannel channel, RobotRig robot, EdgeMemory memory, string memoryName)
    {
        _channel = channel;
        _line = new OperatorLine(ControlProcess.SocketPath(memoryName));
        _station = new TeleopStation(channel, memory.HumanProposals, robot.SteeringSettings!, robot.Name, _line);
    }

    /// <summary>Listens where the run says; null, with a line on standard error, where it cannot: a robot without a person flies on.</summary>
    public static AgentStation? Open(RunDescription run, string folder, RobotRig robot, EdgeMemory memory, string memoryName)
    {
        if (run.TeleopEndpoint is not { } endpoint || robot.SteeringSettings is null)
            return null;
        try
        {
            if (!Endpoints.UsesTeleopKeys(endpoint, folder, out string keys))
                return new AgentStation(new ZmqLearnerChannel(endpoint, null, null), robot, memory, memoryName);
            (CurveKeyPair own, IReadOnlyDictionary<string, string> allowed) = LinkKeys.LoadLearner(keys);
            return new AgentStation(new ZmqLearnerChannel(endpoint, own, allowed), robot, memory, memoryName);
        }
        catch (ZmqException e)
        {
            Console.Error.WriteLine($"robotics agent: nobody can steer: {endpoint}: {e.Message}");
            return null;
        }
    }

    public void Pump(long nowNs, ControlStatus status)
    {
        _station.Pump(nowNs, status);
        if (_channel.RefusedKeys == _refusedKeys)
            return;
        _refusedKeys = _channel.RefusedKeys;
        if (long.IsPow2(_refusedKeys)) // libzmq tries again and again; the count tells how often
            Console.Error.WriteLine($"robotics agent: refused an operator's key that is not on the allow-list ({_refusedKeys} refused so far): {_channel.LastRefusedKey}");
    }

    public void Dispose()
    {
        _channel.Dispose();
        _line.Dispose();
    }
}
