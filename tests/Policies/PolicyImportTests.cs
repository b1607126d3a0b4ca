using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class PolicyImportTests
{
    [Fact]
    public void TryReadAny_PublishedRaptor_BecomesABundleThatPassesTheGate()
    {
        byte[] tar = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        Assert.True(PolicyImport.TryReadAny(tar, "raptor", 42, out PolicyBundle? bundle, out string problem), problem);
        var expectations = new PolicyExpectations { SchemaHash = 42, ObservationLength = 22, ActionLength = 4, PolicyRateHz = 100 };
        Assert.True(new PolicyGate(expectations, new ManualClock()).Check(bundle!, default, out BundleRefusal refusal), refusal.ToString());
        Assert.Equal(32, bundle!.Golden.Steps);
        Assert.True(PolicyImport.TryReadAny(bundle.Bytes, "again", 0, out PolicyBundle? again, out _));
        Assert.Equal(bundle.Identity, again!.Identity);
    }

    [Fact]
    public void TryReadAny_Neither_NamesBothKinds()
    {
        Assert.False(PolicyImport.TryReadAny(new byte[100], "x.bin", 0, out _, out string problem));
        Assert.Contains("x.bin: neither a policy bundle nor a RAPTOR checkpoint", problem, StringComparison.Ordinal);
    }
}
