using Robotics.Learner.Networks;
using Robotics.Policies;

namespace Robotics.Learner;

/// <summary>The learner's actor in the form in which networks change hands: a shape and flat parameters.</summary>
/// <remarks>Of an actor with a mean and a deviation per action (SAC) the mean is published: the edge acts on it and adds the exploration
/// that the bundle's manifest asks for.</remarks>
public sealed record PublishedActor(NetworkSpec Network, float[] Parameters)
{
    /// <summary>The published actor of <paramref name="learner"/> for actions of <paramref name="actionLength"/> values.</summary>
    public static PublishedActor Of(IPolicyLearner learner, int actionLength)
    {
        ArgumentNullException.ThrowIfNull(learner);
        Mlp actor = learner.Published;
        NetworkSpec network = SpecOf(actor, actionLength, learner.ActionSquash);
        return new PublishedActor(network, Flatten(actor, network));
    }

    private static NetworkSpec SpecOf(Mlp network, int actionLength, Activation squash)
    {
        int[] widths = [network.Shape.Layers[0].Inputs, .. network.Shape.Layers.SkipLast(1).Select(l => l.Outputs), actionLength];
        return NetworkSpec.Mlp(widths, ActivationOf(network.Shape.Hidden), squash);
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
        for (int l = 0; l < spec.Layers.Length; l++)
        {
            (int inputs, int outputs) = (spec.Layers[l].Inputs, spec.Layers[l].Outputs);
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
