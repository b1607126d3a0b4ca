using Robotics.Core;
using Robotics.Learner.Networks;
using Robotics.Policies;
using Robotics.Tasks;

namespace Robotics.Learner;

/// <summary>Turns the learner's actor into bundles. Each one has the next counter of this learner's epoch.</summary>
/// <param name="name">Name of the run, for people.</param>
/// <param name="run">Identity of the run.</param>
/// <param name="epoch">This learner's epoch.</param>
/// <param name="task">What the policies are for.</param>
/// <param name="explorationStd">Exploration that the edge is to add, normalised action units.</param>
/// <param name="created">Label of the time of publication; constant where runs are to be repeatable to the bit.</param>
/// <param name="signer">Signs every bundle where given.</param>
public sealed class PolicyPublisher(string name, ulong run, uint epoch, RobotTask task, double explorationStd, Func<string> created, SigningKey? signer = null)
{
    private uint _epoch = epoch;
    private uint _counter;
    private PolicyIdentity _last;

    /// <summary>Policies made in this epoch.</summary>
    public long Published => _counter;

    /// <summary>A later epoch begins, with counter 0.</summary>
    public void BeginEpoch(uint epoch) => (_epoch, _counter) = (epoch, 0);

    /// <summary>A bundle of <paramref name="trainer"/>'s published actor.</summary>
    public PolicyBundle Bundle(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Mlp actor = trainer.Learner.Published;
        NetworkSpec network = SpecOf(actor);
        var manifest = new PolicyManifest
        {
            Name = name,
            Identity = new PolicyIdentity(run, _epoch, _counter++, 0),
            Parent = _last,
            Created = created(),
            SchemaHash = task.SchemaHash,
            PolicyRateHz = task.PolicyRateHz,
            Network = network,
            ExplorationStd = explorationStd,
            Data = new DataRange(trainer.IngestedSteps == 0 ? 0 : 1, trainer.IngestedSteps),
        };
        byte[] bundle = PolicyBundleWriter.Write(manifest, Flatten(actor, network), signer: signer);
        if (!PolicyBundle.TryRead(bundle, out PolicyBundle? read, out BundleRefusal refusal))
            throw new InvalidOperationException($"a bundle just written does not read: {refusal}");
        _last = read!.Identity;
        return read;
    }

    private static NetworkSpec SpecOf(Mlp network)
    {
        int[] widths = [network.Shape.Layers[0].Inputs, .. network.Shape.Layers.Select(l => l.Outputs)];
        return NetworkSpec.Mlp(widths, ActivationOf(network.Shape.Hidden), ActivationOf(network.Shape.Output));
    }

    private static Activation ActivationOf(Kernels.Activation activation) =>
        activation switch
        {
            Kernels.Activation.Relu => Activation.Relu,
            Kernels.Activation.FastTanh => Activation.FastTanh,
            Kernels.Activation.LeakyRelu => Activation.LeakyRelu,
            _ => Activation.Identity,
        };

    // Layer after layer: weights row by row [output, input], then biases (docs/formats/network-image.md).
    private static float[] Flatten(Mlp network, NetworkSpec spec)
    {
        var flat = new float[spec.ParameterCount];
        int next = 0;
        for (int l = 0; l < network.Shape.Layers.Count; l++)
        {
            (int inputs, int outputs) = (network.Shape.Layers[l].Inputs, network.Shape.Layers[l].Outputs);
            for (int n = 0; n < outputs; n++)
            {
                for (int k = 0; k < inputs; k++)
                    flat[next++] = network.Weight(l, n, k);
            }
            for (int n = 0; n < outputs; n++)
                flat[next++] = network.Bias(l, n);
        }
        return flat;
    }
}
