using Robotics.Core;
using Robotics.Policies;

namespace Robotics.Cli.Bench;

/// <summary>Policies for the swap benchmark whose actions tell whether all their weights belong together.</summary>
/// <remarks>
/// An identity network 146-h-h-4 with equal weights in each layer, all scaled by 2^(counter mod 8): its action on an observation of ones is
/// that of the unscaled one times 2^(3 (counter mod 8)), exactly, since a power of two changes no rounding. A mixture of two versions gives another action.
/// </remarks>
internal static class SwapNetworks
{
    public const int Observation = 146; // the hover recipe's
    public const int Action = 4;
    public const int Small = 64; // the hover recipe's actor: 14,052 parameters, 56 kB
    public const int Large = 544; // 378,292 parameters: a bundle of 1.5 MB
    public const ulong Schema = 1;
    public const double RateHz = 100;

    public static NetworkSpec Spec(int hidden) =>
        NetworkSpec.Mlp([Observation, hidden, hidden, Action], Activation.Identity, Activation.Identity, clampOutput: false);

    /// <summary>A bundle; the hidden width stands in the identity's epoch.</summary>
    public static PolicyBundle Bundle(int hidden, uint counter) => Bundle(hidden, counter, (uint)hidden);

    /// <summary>A bundle of another epoch.</summary>
    public static PolicyBundle Bundle(int hidden, uint counter, uint epoch)
    {
        var manifest = new PolicyManifest
        {
            Name = "bench swap",
            Identity = new PolicyIdentity(1, epoch, counter, 0),
            SchemaHash = Schema,
            PolicyRateHz = RateHz,
            Network = Spec(hidden),
        };
        byte[] bytes = PolicyBundleWriter.Write(manifest, Parameters(hidden, counter));
        return PolicyBundle.TryAdopt(bytes, null, out PolicyBundle? bundle, out BundleRefusal refusal)
            ? bundle!
            : throw new FailureException(refusal.ToString());
    }

    /// <summary>The action of version 0.</summary>
    public static float Unscaled(int hidden)
    {
        Span<float> observation = stackalloc float[Observation];
        observation.Fill(1);
        Span<float> action = stackalloc float[Action];
        PolicyNetwork.Create(Spec(hidden), Parameters(hidden, 0)).Act(observation, action);
        return action[0];
    }

    /// <summary>True where <paramref name="action"/> is exactly what the version <paramref name="counter"/> gives.</summary>
    public static bool IsWhole(ReadOnlySpan<float> action, float unscaled, uint counter)
    {
        float expected = MathF.ScaleB(unscaled, 3 * (int)(counter % 8));
        foreach (float value in action)
        {
            if (value != expected)
                return false;
        }
        return true;
    }

    private static float[] Parameters(int hidden, uint counter)
    {
        NetworkSpec spec = Spec(hidden);
        var parameters = new float[spec.ParameterCount];
        int offset = 0;
        foreach (LayerSpec layer in spec.Layers)
        {
            parameters.AsSpan(offset, layer.Inputs * layer.Outputs).Fill(MathF.ScaleB(1f / layer.Inputs, (int)(counter % 8)));
            offset += (int)layer.ParameterCount;
        }
        return parameters;
    }
}
