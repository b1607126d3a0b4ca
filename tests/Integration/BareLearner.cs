using Robotics.Experience;
using Robotics.Learner;
using Robotics.Policies;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>A learner that learns nothing: the real endpoint and store, and bundles that the test publishes.</summary>
internal sealed class BareLearner : ITransitionSink, IDisposable
{
    private readonly ExperienceStore _store;

    public BareLearner(string folder, ILearnerChannel channel, LearnerEndpointOptions? options = null)
    {
        _store = new ExperienceStore(folder);
        Endpoint = new LearnerEndpoint(channel, _store, this, (options ?? new LearnerEndpointOptions { Run = 1, Epoch = 1 }) with { Log = Log.Add });
    }

    public LearnerEndpoint Endpoint { get; }

    public List<string> Log { get; } = [];

    /// <summary>The published RAPTOR policy with its last layer times <paramref name="gain"/>, as a bundle of the run 1 for the schema of a task.</summary>
    public static PolicyBundle Raptor(ulong schema, uint counter, float gain, uint epoch = 1)
    {
        Assert.True(RaptorCheckpoint.TryRead(File.ReadAllBytes(SharedData.Require("raptor/policy.tar")), out RaptorCheckpoint? raptor, out string problem), problem);
        float[] parameters = [.. raptor!.Parameters];
        int last = (int)raptor.Spec.Layers[^1].ParameterCount;
        for (int i = parameters.Length - last; i < parameters.Length; i++)
            parameters[i] *= gain;
        var manifest = new PolicyManifest
        {
            Name = $"raptor x {gain}",
            Identity = new PolicyIdentity(1, epoch, counter, 0),
            SchemaHash = schema,
            PolicyRateHz = 100,
            Network = raptor.Spec,
        };
        Assert.True(PolicyBundle.TryRead(PolicyBundleWriter.Write(manifest, parameters), out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
        return bundle!;
    }

    public void Publish(PolicyBundle bundle) => Endpoint.Publish(bundle);

    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) { }

    public void Dispose() => _store.Dispose();
}
