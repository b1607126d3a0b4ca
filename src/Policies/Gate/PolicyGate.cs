using System.Globalization;
using System.Numerics;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The static checks between a bundle and the control process: signature, schema, shape, rate, magnitude, memory, golden
/// vectors, inference time, version. All of gate `training`; the first half of gate `deployed`.</summary>
/// <remarks>Agent side: allocates; one thread. Whole and finite is checked already by <see cref="PolicyBundle.TryAdopt"/>.</remarks>
public sealed class PolicyGate
{
    /// <summary>Most timed passes over the golden vectors; the fastest counts.</summary>
    private const int TimedPasses = 5;

    private readonly PolicyExpectations _expectations;
    private readonly IClock _clock;
    private PolicyNetwork? _network;
    private long _networkFloats;

    /// <summary>A gate that holds bundles to <paramref name="expectations"/> and times them with <paramref name="clock"/>.</summary>
    /// <param name="clock">On a robot the thread's CPU time: an agent that has to wait for a core says nothing about the control thread, which does not.</param>
    public PolicyGate(PolicyExpectations expectations, IClock clock)
    {
        _expectations = expectations ?? throw new ArgumentNullException(nameof(expectations));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
    }

    /// <summary>True where <paramref name="bundle"/> may follow <paramref name="installed"/>; else the first check that failed.</summary>
    public bool Check(PolicyBundle bundle, PolicyIdentity installed, out BundleRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        refusal = CheckSignature(bundle);
        if (refusal.IsNone)
            refusal = CheckManifest(bundle);
        if (refusal.IsNone)
            refusal = CheckVersion(bundle, installed);
        if (refusal.IsNone)
            refusal = CheckMagnitude(bundle);
        if (refusal.IsNone)
            refusal = CheckBehaviour(bundle);
        return refusal.IsNone;
    }

    /// <summary>True where the bundle acts like <paramref name="current"/> on <paramref name="observations"/> [n, observation], seen lately and in their order.</summary>
    /// <remarks>Part of gate `deployed`. Both networks' recurrent states are used from their initial value and left reset.</remarks>
    public bool CheckActionDifference(PolicyBundle bundle, PolicyNetwork current, ReadOnlySpan<float> observations, out BundleRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(current);
        refusal = default;
        PolicyNetwork candidate = Load(bundle);
        int width = candidate.ObservationLength, count = observations.Length / width;
        if (count == 0 || current.ObservationLength != width || current.ActionLength != candidate.ActionLength)
            return true;
        Span<float> before = new float[current.ActionLength];
        Span<float> after = new float[current.ActionLength];
        double squares = 0;
        candidate.Reset();
        current.Reset();
        for (int i = 0; i < count; i++)
        {
            current.Act(observations.Slice(i * width, width), before);
            candidate.Act(observations.Slice(i * width, width), after);
            for (int a = 0; a < before.Length; a++)
                squares += (after[a] - before[a]) * (after[a] - before[a]);
        }
        candidate.Reset();
        current.Reset();
        double difference = Math.Sqrt(squares / (count * before.Length));
        if (!(difference <= _expectations.MaxActionDifference))
            refusal = new BundleRefusal(BundleCheck.ActionDifference, $"root mean square action difference on {count} recent observations", Text(difference), Text(_expectations.MaxActionDifference));
        return refusal.IsNone;
    }

    private BundleRefusal CheckSignature(PolicyBundle bundle)
    {
        if (!bundle.IsSigned)
        {
            return _expectations.RequireSignature
                ? new BundleRefusal(BundleCheck.Unsigned, "the signature", "missing", "one by a trusted key (robotics policy sign)")
                : default;
        }
        if (_expectations.TrustedKeys.Count == 0 && !_expectations.RequireSignature)
            return default;
        TrustedKey? key = _expectations.TrustedKeys.FirstOrDefault(k => k.Id == bundle.SignerKeyId);
        if (key is null)
            return new BundleRefusal(BundleCheck.Signer, "the signer's key id", Hex(bundle.SignerKeyId), string.Join(", ", _expectations.TrustedKeys.Select(k => Hex(k.Id))));
        return bundle.IsSignedBy(key) ? default : new BundleRefusal(BundleCheck.Signature, "the signature", "not that of the content", $"one by key {Hex(key.Id)}");
    }

    private BundleRefusal CheckManifest(PolicyBundle bundle)
    {
        PolicyManifest manifest = bundle.Manifest;
        if (_expectations.Run is { } run && manifest.Identity.Run != run)
            return new BundleRefusal(BundleCheck.Run, "the run", Hex(manifest.Identity.Run), Hex(run));
        if (manifest.SchemaHash != _expectations.SchemaHash)
            return new BundleRefusal(BundleCheck.Schema, "hash of the observation and action schema", Hex(manifest.SchemaHash), Hex(_expectations.SchemaHash));
        int observation = manifest.Network.ObservationLength, action = manifest.Network.ActionLength;
        if (observation != _expectations.ObservationLength || action != _expectations.ActionLength)
            return new BundleRefusal(BundleCheck.Shape, "observation and action length", $"{observation}, {action}", $"{_expectations.ObservationLength}, {_expectations.ActionLength}");
        double rate = manifest.PolicyRateHz, expected = _expectations.PolicyRateHz;
        if (Math.Abs(rate - expected) > expected * _expectations.RateTolerance)
            return new BundleRefusal(BundleCheck.Rate, "the policy rate trained at", $"{Text(rate)} Hz", $"{Text(expected)} Hz within {Text(_expectations.RateTolerance * 100)} %");
        long floats = PolicyNetwork.RequiredFloats(manifest.Network);
        return floats > _expectations.CapacityFloats
            ? new BundleRefusal(BundleCheck.Capacity, "memory of the network", $"{floats} floats", $"{_expectations.CapacityFloats}")
            : default;
    }

    private static BundleRefusal CheckVersion(PolicyBundle bundle, PolicyIdentity installed)
    {
        PolicyIdentity identity = bundle.Identity;
        bool isOld = installed.IsSome && identity.Run == installed.Run && !identity.IsNewerThan(installed);
        return isOld ? new BundleRefusal(BundleCheck.Version, "the version", identity.ToString(), $"newer than {installed}") : default;
    }

    private BundleRefusal CheckMagnitude(PolicyBundle bundle)
    {
        float greatest = Greatest(bundle.Parameters);
        return greatest > _expectations.MaxParameter
            ? new BundleRefusal(BundleCheck.Magnitude, "the greatest parameter", Text(greatest), Text(_expectations.MaxParameter))
            : default;
    }

    private static float Greatest(ReadOnlySpan<float> values)
    {
        Vector<float> greatest = Vector<float>.Zero;
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
            greatest = Vector.Max(greatest, Vector.Abs(new Vector<float>(values[i..])));
        float result = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            result = Math.Max(result, greatest[lane]);
        for (; i < values.Length; i++)
            result = Math.Max(result, Math.Abs(values[i]));
        return result;
    }

    private BundleRefusal CheckBehaviour(PolicyBundle bundle)
    {
        PolicyNetwork network = Load(bundle);
        long fastest = long.MaxValue;
        // The first pass tells both; further ones only where it was too slow: cold caches are not held against the policy.
        for (int pass = 0; pass < TimedPasses && fastest > _expectations.InferenceBudgetNs; pass++)
        {
            long start = _clock.NowNs;
            double difference = bundle.Golden.MaxDifference(network);
            fastest = Math.Min(fastest, (_clock.NowNs - start) / bundle.Golden.Steps);
            if (!(difference <= _expectations.GoldenTolerance))
                return new BundleRefusal(BundleCheck.GoldenOutput, "difference from the golden vectors", Text(difference), Text(_expectations.GoldenTolerance));
        }
        return fastest > _expectations.InferenceBudgetNs
            ? new BundleRefusal(BundleCheck.InferenceTime, "one forward pass on this machine", $"{fastest} ns", $"{_expectations.InferenceBudgetNs} ns")
            : default;
    }

    private PolicyNetwork Load(PolicyBundle bundle)
    {
        long floats = PolicyNetwork.RequiredFloats(bundle.Manifest.Network);
        if (_network is null || floats > _networkFloats)
        {
            _network = new PolicyNetwork((int)floats);
            _networkFloats = floats;
        }
        _network.Load(bundle.Manifest.Network, bundle.Parameters);
        return _network;
    }

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
