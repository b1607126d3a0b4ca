namespace Robotics.Policies.Tests;

public sealed class PolicyDifferenceTests
{
    [Fact]
    public void Between_SamePolicy_IsNothing()
    {
        PolicyDifference difference = PolicyDifference.Between(Bundles.Bundle(), Bundles.Bundle());
        Assert.Empty(difference.Members);
        Assert.Equal((true, 0, 0), (difference.SameNetwork, difference.RelativeWeightDifference, difference.ActionDifference));
    }

    [Fact]
    public void Between_DoubledWeights_TellsNormAndActions()
    {
        NetworkSpec spec = NetworkSpec.Mlp([2, 1], Activation.Identity, Activation.Identity, clampOutput: false);
        PolicyBundle first = Bundles.Read(PolicyBundleWriter.Write(Bundles.Manifest(spec), [0.1f, 0, 0], GoldenVectors.Of(spec, [1, 0, 2, 0], [0.1f, 0.2f], [])));
        PolicyBundle second = Bundles.Read(PolicyBundleWriter.Write(Bundles.Manifest(spec, counter: 3), [0.2f, 0, 0]));
        PolicyDifference difference = PolicyDifference.Between(first, second);
        Assert.Equal(1, difference.RelativeWeightDifference, 1e-6);
        Assert.Equal(Math.Sqrt((0.01 + 0.04) / 2), difference.ActionDifference, 1e-6);
        Assert.Contains(difference.Members, m => string.Equals(m.Member, "identity", StringComparison.Ordinal));
    }

    [Fact]
    public void Between_OtherNetwork_ComparesTheManifestOnly()
    {
        PolicyDifference difference = PolicyDifference.Between(Bundles.Bundle(), Bundles.Bundle(NetworkSpec.Mlp([2, 1], Activation.Tanh, Activation.Tanh)));
        Assert.False(difference.SameNetwork);
        Assert.Contains(difference.Members, m => string.Equals(m.Member, "network", StringComparison.Ordinal));
    }
}
