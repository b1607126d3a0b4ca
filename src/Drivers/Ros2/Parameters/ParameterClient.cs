using Robotics.Drivers.Ros2.Messages.RclInterfaces;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads parameters of another node.</summary>
public sealed class ParameterClient : IDisposable
{
    private readonly RosClient<GetParametersRequest, GetParametersResponse> _get;

    /// <summary>A client of <paramref name="remoteNode"/> (absolute name), owned by <paramref name="node"/>.</summary>
    public ParameterClient(RosNode node, string remoteNode)
    {
        ArgumentNullException.ThrowIfNull(node);
        _get = node.CreateClient<GetParametersRequest, GetParametersResponse>(remoteNode + "/get_parameters", QosProfile.Parameters);
    }

    /// <summary>Values of <paramref name="names"/>; null for those the node has not declared.</summary>
    /// <exception cref="TimeoutException">The node does not answer.</exception>
    public async Task<IReadOnlyList<object?>> GetAsync(IReadOnlyList<string> names, TimeSpan timeout, CancellationToken cancellation = default)
    {
        GetParametersResponse answer = await _get.CallAsync(new GetParametersRequest { Names = [.. names] }, timeout, cancellation).ConfigureAwait(false);
        var values = new object?[names.Count];
        for (int i = 0; i < Math.Min(values.Length, answer.Values.Length); i++)
            values[i] = ParameterValues.FromRos(answer.Values[i]);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _get.Dispose();
}
