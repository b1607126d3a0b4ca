using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>One life of the learner of `bench kill --cut`: its socket, endpoint and store; it learns nothing and publishes one policy.</summary>
internal sealed class CutLearner : ITransitionSink, IDisposable
{
    private readonly ZmqLearnerChannel _channel;
    private readonly ExperienceStore _store;
    private readonly LearnerEndpoint _endpoint;

    /// <summary>A learner that listens at <paramref name="endpoint"/> and stores below <paramref name="folder"/>.</summary>
    public CutLearner(string endpoint, string folder, TransitionSchema schema, PolicyBundle policy)
    {
        _channel = new ZmqLearnerChannel(endpoint, null, null);
        _store = new ExperienceStore(folder);
        _endpoint = new LearnerEndpoint(_channel, _store, this, new LearnerEndpointOptions { Run = policy.Identity.Run, Epoch = policy.Identity.Epoch, Schema = schema });
        _endpoint.Publish(policy);
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint => _channel.Endpoint;

    /// <summary>Transitions ingested in this life whose action was not the policy's.</summary>
    public long OfOthers { get; private set; }

    /// <summary>Takes in what came.</summary>
    public void Turn(long nowNs) => _endpoint.Poll(nowNs);

    /// <inheritdoc/>
    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) => OfOthers += header.Source == ActionSource.Policy ? 0 : 1;

    /// <summary>Gone: port closed, connections torn down.</summary>
    public void Dispose()
    {
        _channel.Dispose();
        _store.Dispose();
    }
}
