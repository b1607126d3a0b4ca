using System.Runtime.InteropServices;

namespace Robotics.Policies;

/// <summary>Reads the network member of a manifest.</summary>
internal static class NetworkJson
{
    public static bool TryRead(ref JsonScanner json, out NetworkSpec? network)
    {
        network = null;
        var head = (PolicyHead)byte.MaxValue;
        bool? clamp = null;
        var layers = new List<LayerSpec>();
        bool isFirst = true;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string key))
        {
            bool taken = key switch
            {
                "head" => json.TryString(out string name) && (JsonNames.TryParse(name, out head) || json.Fail($"head '{name}'")),
                "clamp" => TryClamp(ref json, out clamp),
                "layers" => TryLayers(ref json, layers),
                _ => json.Fail($"unknown member '{key}' of the network"),
            };
            if (!taken)
                return false;
        }
        if (json.Problem is not null)
            return false;
        if (clamp is null)
            return json.Fail("the network's clamp is missing");
        return NetworkSpec.TryCreate(CollectionsMarshal.AsSpan(layers), head, clamp.Value, out network, out string? problem)
            || json.Fail(problem!);
    }

    private static bool TryClamp(ref JsonScanner json, out bool? clamp)
    {
        bool taken = json.TryBool(out bool value);
        clamp = value;
        return taken;
    }

    private static bool TryLayers(ref JsonScanner json, List<LayerSpec> layers)
    {
        bool isFirst = true;
        json.TryOpen('[');
        while (json.TryNext(']', ref isFirst))
        {
            if (layers.Count == NetworkSpec.MaxLayers)
                return json.Fail($"more than {NetworkSpec.MaxLayers} layers");
            if (!TryLayer(ref json, out LayerSpec layer))
                return false;
            layers.Add(layer);
        }
        return json.Problem is null;
    }

    private static bool TryLayer(ref JsonScanner json, out LayerSpec layer)
    {
        LayerKind kind = 0;
        var activation = (Activation)byte.MaxValue;
        long inputs = 0, outputs = 0;
        bool isFirst = true;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string key))
        {
            bool taken = key switch
            {
                "kind" => json.TryString(out string name) && (JsonNames.TryParse(name, out kind) || json.Fail($"layer kind '{name}'")),
                "inputs" => json.TryInteger(out inputs),
                "outputs" => json.TryInteger(out outputs),
                "activation" => json.TryString(out string name) && (JsonNames.TryParse(name, out activation) || json.Fail($"activation '{name}'")),
                _ => json.Fail($"unknown member '{key}' of a layer"),
            };
            if (!taken)
                break;
        }
        layer = new LayerSpec(kind, Clamp(inputs), Clamp(outputs), activation);
        return json.Problem is null;
    }

    // Anything outside 32 bits is outside the widths allowed as well.
    private static int Clamp(long value) => (int)Math.Clamp(value, 0, int.MaxValue);
}
