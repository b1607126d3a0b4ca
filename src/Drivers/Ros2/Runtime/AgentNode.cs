using Robotics.Core;
using Robotics.Drivers.Ros2.Messages.StdSrvs;

namespace Robotics.Drivers.Ros2;

/// <summary>The agent process as a node: pinning a policy and going back to the one before as services (std_srvs/Trigger), configuration as parameters.</summary>
/// <remarks><c>~/pin_policy</c> keeps the installed policy whatever the learner publishes, <c>~/unpin_policy</c> lets it follow again,
/// <c>~/rollback_policy</c> installs the one before. The functions run on the receiving thread.</remarks>
public sealed class AgentNode : IDisposable
{
    private readonly RosContext _context;

    /// <summary>Joins the graph.</summary>
    /// <param name="options">How to join.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="nodeNamespace">Its namespace.</param>
    /// <param name="clock">Monotonic clock.</param>
    /// <param name="pin">Pins; says whether it did and what.</param>
    /// <param name="unpin">Unpins.</param>
    /// <param name="rollback">Goes back.</param>
    /// <param name="parameters">Configuration to show and change.</param>
    public AgentNode(
        RosOptions options,
        string name,
        string nodeNamespace,
        IClock clock,
        Func<(bool Ok, string Message)> pin,
        Func<(bool Ok, string Message)> unpin,
        Func<(bool Ok, string Message)> rollback,
        IEnumerable<ParameterDeclaration> parameters
    )
    {
        _context = new RosContext(options, clock);
        RosNode node = _context.CreateNode(name, nodeNamespace);
        _ = new ParameterServer(node, new RosTime(clock, simulated: false), parameters);
        Serve(node, "~/pin_policy", pin);
        Serve(node, "~/unpin_policy", unpin);
        Serve(node, "~/rollback_policy", rollback);
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static void Serve(RosNode node, string name, Func<(bool Ok, string Message)> action) =>
        node.CreateService<TriggerRequest, TriggerResponse>(name, (_, response) => (response.Success, response.Message) = action());
}
