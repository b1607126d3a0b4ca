using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The manifest as JSON. Members and their order: docs/formats/bundle.md.</summary>
internal static class ManifestJson
{
    /// <summary>Longest name of a policy.</summary>
    private const int MaxNameLength = 128;

    /// <summary>Writes the manifest, members always in the same order: equal manifests give equal bytes.</summary>
    public static byte[] Write(PolicyManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("name", manifest.Name);
            WriteIdentity(json, "identity", manifest.Identity with { ContentHash = 0 });
            WriteIdentity(json, "parent", manifest.Parent);
            json.WriteString("created", manifest.Created);
            json.WriteString("schema", Hex(manifest.SchemaHash));
            json.WriteNumber("policy_rate_hz", manifest.PolicyRateHz);
            json.WriteNumber("exploration_std", manifest.ExplorationStd);
            json.WriteNumber("data_first_step", manifest.Data.FirstStep);
            json.WriteNumber("data_last_step", manifest.Data.LastStep);
            if (manifest.Score is { } score)
                json.WriteNumber("score", score);
            else
                json.WriteNull("score");
            WriteNetwork(json, manifest.Network);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a manifest: every member once, none unknown, every number in its range.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out PolicyManifest? manifest, out string problem)
    {
        var json = new JsonScanner(text);
        var found = new ManifestFields();
        bool isFirst = true;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string key))
        {
            if (!found.TryTake(ref json, key))
                break;
        }
        json.TryEnd();
        manifest = json.Problem is null ? found.ToManifest(ref json) : null;
        problem = json.Problem ?? "";
        if (manifest is { Name.Length: 0 or > MaxNameLength })
            problem = $"name of {manifest.Name.Length} characters, allowed 1 to {MaxNameLength}";
        return problem.Length == 0;
    }

    private static void WriteIdentity(Utf8JsonWriter json, string name, PolicyIdentity identity)
    {
        json.WriteStartObject(name);
        json.WriteString("run", Hex(identity.Run));
        json.WriteNumber("epoch", identity.Epoch);
        json.WriteNumber("counter", identity.Counter);
        json.WriteString("content", Hex(identity.ContentHash));
        json.WriteEndObject();
    }

    private static void WriteNetwork(Utf8JsonWriter json, NetworkSpec network)
    {
        json.WriteStartObject("network");
        json.WriteString("head", JsonNames.Of(network.Head));
        json.WriteBoolean("clamp", network.ClampOutput);
        json.WriteStartArray("layers");
        foreach (LayerSpec layer in network.Layers)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNames.Of(layer.Kind));
            json.WriteNumber("inputs", layer.Inputs);
            json.WriteNumber("outputs", layer.Outputs);
            json.WriteString("activation", JsonNames.Of(layer.Activation));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);
}
