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
        return Bundle("raptor", raptor!.Spec, raptor.Parameters, schema, new PolicyIdentity(1, epoch, counter, 0), gain);
    }

    /// <summary>As above, a policy that `robotics demo` trained (Data/README.md).</summary>
    public static PolicyBundle Td3(ulong schema, uint counter, float gain)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "tests", "Integration", "Data", "hover-td3.rpb"));
        Assert.True(PolicyBundle.TryRead(bytes, out PolicyBundle? trained, out BundleRefusal refusal), refusal.ToString());
        return Bundle("hover", trained!.Manifest.Network, trained.Parameters, schema, new PolicyIdentity(1, 1, counter, 0), gain);
    }

    private static PolicyBundle Bundle(string name, NetworkSpec spec, ReadOnlySpan<float> trained, ulong schema, PolicyIdentity identity, float gain)
    {
        float[] parameters = [.. trained];
        int last = (int)spec.Layers[^1].ParameterCount;
        for (int i = parameters.Length - last; i < parameters.Length; i++)
            parameters[i] *= gain;
        var manifest = new PolicyManifest
        {
            Name = $"{name} x {gain}",
            Identity = identity,
            SchemaHash = schema,
            PolicyRateHz = 100,
            Network = spec,
        };
        Assert.True(PolicyBundle.TryRead(PolicyBundleWriter.Write(manifest, parameters), out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
        return bundle!;
    }

    public void Publish(PolicyBundle bundle) => Endpoint.Publish(bundle);

    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) { }

    public void Dispose() => _store.Dispose();
}
