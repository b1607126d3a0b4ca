namespace Robotics.Policies;

/// <summary>How two bundles differ: in what they say, in their weights, and in what they do.</summary>
/// <param name="Members">Manifest members that differ: name, first value, second value.</param>
/// <param name="SameNetwork">Both have the same layers: only then the other figures are numbers, else NaN.</param>
/// <param name="RelativeWeightDifference">Euclidean norm of the parameters' difference over that of the first's parameters.</param>
/// <param name="ActionDifference">Root mean square difference of their actions on the first's golden observations.</param>
public sealed record PolicyDifference(
    IReadOnlyList<(string Member, string First, string Second)> Members,
    bool SameNetwork,
    double RelativeWeightDifference,
    double ActionDifference
)
{
    /// <summary>Compares two bundles. Allocates; any thread.</summary>
    public static PolicyDifference Between(PolicyBundle first, PolicyBundle second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        List<(string, string, string)> members = [.. Describe(first).Zip(Describe(second))
            .Where(p => !string.Equals(p.First.Value, p.Second.Value, StringComparison.Ordinal))
            .Select(p => (p.First.Member, p.First.Value, p.Second.Value))];
        return first.Manifest.Network.Equals(second.Manifest.Network)
            ? new PolicyDifference(members, true, WeightDifference(first.Parameters, second.Parameters), ActionDifferenceOf(first, second))
            : new PolicyDifference(members, false, double.NaN, double.NaN);
    }

    /// <summary>What a bundle says of itself, as lines for people: member and value.</summary>
    public static IReadOnlyList<(string Member, string Value)> Describe(PolicyBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        PolicyManifest m = bundle.Manifest;
        return
        [
            ("name", m.Name),
            ("identity", $"run {m.Identity.Run:x16}, {bundle.Identity}"),
            ("parent", m.Parent.ToString()),
            ("created", m.Created),
            ("schema", $"{m.SchemaHash:x16}"),
            ("policy_rate_hz", $"{m.PolicyRateHz}"),
            ("exploration_std", $"{m.ExplorationStd}"),
            ("data", $"steps {m.Data.FirstStep} to {m.Data.LastStep}"),
            ("score", m.Score is { } score ? $"{score}" : "none"),
            ("network", NetworkText(m.Network)),
            ("golden_steps", $"{bundle.Golden.Steps}"),
            ("signed_by", bundle.IsSigned ? $"key {bundle.SignerKeyId:x16}" : "nobody"),
            ("sha256", Convert.ToHexStringLower(bundle.Digest)),
            ("bytes", $"{bundle.Bytes.Length}"),
        ];
    }

    private static string NetworkText(NetworkSpec network)
    {
        var text = new System.Text.StringBuilder();
        text.Append(network.ObservationLength);
        foreach (LayerSpec layer in network.Layers)
            text.Append($" > {JsonNames.Of(layer.Kind)} {layer.Outputs} {JsonNames.Of(layer.Activation)}");
        return text.Append($", {JsonNames.Of(network.Head)}, {network.ParameterCount} parameters").ToString();
    }

    private static double WeightDifference(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < first.Length; i++)
        {
            difference += ((double)second[i] - first[i]) * ((double)second[i] - first[i]);
            norm += (double)first[i] * first[i];
        }
        return difference == 0 ? 0 : Math.Sqrt(difference / norm);
    }

    private static double ActionDifferenceOf(PolicyBundle first, PolicyBundle second)
    {
        PolicyNetwork a = PolicyNetwork.Create(first.Manifest.Network, first.Parameters);
        PolicyNetwork b = PolicyNetwork.Create(second.Manifest.Network, second.Parameters);
        float[] x = new float[a.ActionLength], y = new float[a.ActionLength];
        double squares = 0;
        for (int step = 0; step < first.Golden.Steps; step++)
        {
            a.Act(first.Golden.Input(step), x);
            b.Act(first.Golden.Input(step), y);
            for (int i = 0; i < x.Length; i++)
                squares += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.Sqrt(squares / (first.Golden.Steps * x.Length));
    }
}
