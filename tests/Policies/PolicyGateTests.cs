using Robotics.Core;

namespace Robotics.Policies.Tests;

public sealed class PolicyGateTests
{
    private static BundleCheck Check(PolicyBundle bundle, PolicyExpectations? expectations = null, PolicyIdentity installed = default, IClock? clock = null)
    {
        var gate = new PolicyGate(expectations ?? Bundles.Expectations(), clock ?? new ManualClock());
        bool isAccepted = gate.Check(bundle, installed, out BundleRefusal refusal);
        Assert.Equal(isAccepted, refusal.IsNone);
        return refusal.Check;
    }

    [Fact]
    public void Check_GoodBundle_IsAccepted() => Assert.Equal(BundleCheck.None, Check(Bundles.Bundle()));

    [Fact]
    public void Check_AnotherSchema_IsRefusedWithBothHashes()
    {
        var gate = new PolicyGate(Bundles.Expectations() with { SchemaHash = 5 }, new ManualClock());
        Assert.False(gate.Check(Bundles.Bundle(), default, out BundleRefusal refusal));
        Assert.Equal("policy bundle refused (Schema): hash of the observation and action schema is a1a2a3a4a5a6a7a8, allowed: 0000000000000005", refusal.ToString());
    }

    [Fact]
    public void Check_EachExpectationBroken_IsRefusedByItsCheck()
    {
        PolicyExpectations good = Bundles.Expectations();
        PolicyBundle bundle = Bundles.Bundle();
        Assert.Equal(BundleCheck.Shape, Check(bundle, good with { ObservationLength = 3 }));
        Assert.Equal(BundleCheck.Shape, Check(bundle, good with { ActionLength = 2 }));
        Assert.Equal(BundleCheck.Rate, Check(bundle, good with { PolicyRateHz = 500 }));
        Assert.Equal(BundleCheck.Capacity, Check(bundle, good with { CapacityFloats = 10 }));
        Assert.Equal(BundleCheck.Magnitude, Check(bundle, good with { MaxParameter = 0.001f }));
        Assert.Equal(BundleCheck.Run, Check(bundle, good with { Run = 9 }));
        Assert.Equal(BundleCheck.Unsigned, Check(bundle, good with { RequireSignature = true }));
        Assert.Equal(BundleCheck.None, Check(bundle, good with { Run = bundle.Identity.Run }));
    }

    [Fact]
    public void Check_NotNewerThanInstalled_IsRefused()
    {
        PolicyIdentity installed = Bundles.Bundle(epoch: 2, counter: 5).Identity;
        Assert.Equal(BundleCheck.Version, Check(Bundles.Bundle(epoch: 2, counter: 4), installed: installed));
        Assert.Equal(BundleCheck.Version, Check(Bundles.Bundle(epoch: 2, counter: 5, seed: 9), installed: installed));
        Assert.Equal(BundleCheck.Version, Check(Bundles.Bundle(epoch: 1, counter: 9), installed: installed));
        Assert.Equal(BundleCheck.None, Check(Bundles.Bundle(epoch: 3, counter: 0), installed: installed));
        Assert.Equal(BundleCheck.None, Check(Bundles.Bundle(epoch: 2, counter: 6), installed: installed));
    }

    [Fact]
    public void Check_GoldenVectorsOfAnotherNetwork_IsRefused()
    {
        GoldenVectors foreign = GoldenVectors.Compute(PolicyNetwork.Create(Bundles.Tiny, Bundles.Parameters(Bundles.Tiny, 2)));
        byte[] bytes = PolicyBundleWriter.Write(Bundles.Manifest(), Bundles.Parameters(Bundles.Tiny), foreign);
        Assert.Equal(BundleCheck.GoldenOutput, Check(Bundles.Read(bytes)));
    }

    // Two tensors of one shape change places, with a matching hash: only the golden vectors can tell.
    [Fact]
    public void Check_SwappedTensors_IsRefused()
    {
        byte[] bytes = Bundles.Write();
        string text = System.Text.Encoding.Latin1.GetString(bytes);
        string swapped = text.Replace("layers.1.weight_ih", "layers.1.weight_xx", StringComparison.Ordinal)
            .Replace("layers.1.weight_hh", "layers.1.weight_ih", StringComparison.Ordinal)
            .Replace("layers.1.weight_xx", "layers.1.weight_hh", StringComparison.Ordinal);
        Assert.NotEqual(text, swapped);
        Assert.Equal(BundleCheck.GoldenOutput, Check(Bundles.Read(Bundles.Seal(System.Text.Encoding.Latin1.GetBytes(swapped)))));
    }

    [Fact]
    public void Check_Signatures_TrustOnlyGivenKeys()
    {
        using var trusted = SigningKey.Generate();
        using var stranger = SigningKey.Generate();
        PolicyExpectations expectations = Bundles.Expectations() with { RequireSignature = true, TrustedKeys = [trusted.Public] };
        Assert.Equal(BundleCheck.None, Check(Bundles.Read(Bundles.Write(signer: trusted)), expectations));
        Assert.Equal(BundleCheck.Signer, Check(Bundles.Read(Bundles.Write(signer: stranger)), expectations));
        Assert.Equal(BundleCheck.Signer, Check(Bundles.Read(Bundles.Write(signer: stranger)), expectations with { RequireSignature = false }));
        // The signature of one content under another.
        byte[] forged = Bundles.Write(counter: 3, signer: trusted);
        byte[] other = Bundles.Write(counter: 4, signer: trusted);
        other.AsSpan(other.Length - 76).CopyTo(forged.AsSpan(forged.Length - 76));
        Assert.Equal(BundleCheck.Signature, Check(Bundles.Read(forged), expectations));
    }

    [Fact]
    public void Check_SlowMachine_IsRefused() =>
        Assert.Equal(BundleCheck.InferenceTime, Check(Bundles.Bundle(), clock: new LeapingClock(GoldenVectors.DefaultSteps * 100_001L)));

    [Fact]
    public void CheckActionDifference_GainTimesThree_IsRefused()
    {
        NetworkSpec spec = NetworkSpec.Mlp([2, 1], Activation.Identity, Activation.Identity);
        PolicyNetwork current = PolicyNetwork.Create(spec, [0.3f, 0, 0]);
        var gate = new PolicyGate(Bundles.Expectations(spec), new ManualClock());
        PolicyBundle same = Bundles.Read(PolicyBundleWriter.Write(Bundles.Manifest(spec), [0.31f, 0, 0]));
        PolicyBundle tripled = Bundles.Read(PolicyBundleWriter.Write(Bundles.Manifest(spec), [0.9f, 0, 0]));
        float[] seen = [1, 0, -1, 0, 1, 0];
        Assert.True(gate.Check(tripled, default, out _));
        Assert.True(gate.CheckActionDifference(same, current, seen, out _));
        Assert.False(gate.CheckActionDifference(tripled, current, seen, out BundleRefusal refusal));
        Assert.Equal(BundleCheck.ActionDifference, refusal.Check);
        Assert.Equal("0.6", refusal.Value);
    }

    private sealed class LeapingClock(long leapNs) : IClock
    {
        private long _now;

        public long NowNs => _now += leapNs;
    }
}
