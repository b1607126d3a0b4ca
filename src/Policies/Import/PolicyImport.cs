using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>Makes bundles of policies that others published. Stateless; safe from any thread.</summary>
public static class PolicyImport
{
    /// <summary>Steps of the recorded example that become golden vectors: enough to carry the recurrent state far from its start.</summary>
    private const int GoldenSteps = 32;

    /// <summary>RAPTOR was trained at 100 Hz only (arXiv 2509.11481).</summary>
    private const double RaptorRateHz = 100;

    /// <summary>A bundle of a RAPTOR checkpoint. Its golden vectors are what the original code recorded, clamped as its caller clamps.</summary>
    /// <param name="schemaHash">Hash of the observation and action description of the task it is to fly; the checkpoint knows none.</param>
    public static byte[] FromRaptor(RaptorCheckpoint checkpoint, string name, ulong schemaHash, SigningKey? signer = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        NetworkSpec spec = checkpoint.Spec;
        int steps = Math.Min(GoldenSteps, checkpoint.Example.Steps);
        var inputs = new float[steps * spec.ObservationLength];
        var outputs = new float[steps * spec.ActionLength];
        for (int step = 0; step < steps; step++)
        {
            checkpoint.Example.Input(step, 0).CopyTo(inputs.AsSpan(step * spec.ObservationLength));
            checkpoint.Example.Output(step, 0).CopyTo(outputs.AsSpan(step * spec.ActionLength));
        }
        foreach (ref float value in outputs.AsSpan())
            value = Math.Clamp(value, -1f, 1f);
        // The example holds no recurrent state; ours after the same steps stands for it.
        GoldenVectors computed = GoldenVectors.Compute(PolicyNetwork.Create(spec, checkpoint.Parameters), inputs);
        GoldenVectors golden = GoldenVectors.Of(spec, inputs, outputs, computed.FinalState);
        ulong run = MemoryMarshal.Read<ulong>(SHA256.HashData(MemoryMarshal.AsBytes(checkpoint.Parameters.AsSpan())));
        var manifest = new PolicyManifest
        {
            Name = name,
            Identity = new PolicyIdentity(run, 0, 0, 0),
            SchemaHash = schemaHash,
            PolicyRateHz = RaptorRateHz,
            Network = spec,
        };
        return PolicyBundleWriter.Write(manifest, checkpoint.Parameters, golden, signer);
    }

    /// <summary>Reads a policy file of any kind we know: a bundle, or a RAPTOR checkpoint, which is imported.</summary>
    /// <param name="schemaHash">Given to an imported policy; a bundle keeps its own.</param>
    /// <param name="problem">What is wrong, where false.</param>
    public static bool TryReadAny(ReadOnlyMemory<byte> file, string name, ulong schemaHash, out PolicyBundle? bundle, out string problem)
    {
        bundle = null;
        ReadOnlyMemory<byte> bytes = file;
        if (!BundleFrame.HasMagic(file.Span))
        {
            if (!RaptorCheckpoint.TryRead(file, out RaptorCheckpoint? checkpoint, out problem))
            {
                problem = $"{name}: neither a policy bundle nor a RAPTOR checkpoint ({problem})";
                return false;
            }
            bytes = FromRaptor(checkpoint!, name, schemaHash);
        }
        bool isRead = PolicyBundle.TryRead(bytes.Span, out bundle, out BundleRefusal refusal);
        problem = isRead ? "" : $"{name}: {refusal}";
        return isRead;
    }
}
