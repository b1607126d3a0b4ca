using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Robotics.Core;
using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

/// <summary>Every shipped type against @foxglove/rosmsg2-serialization: bytes and values, both directions, by records and by run-time types.</summary>
[Trait("Category", "Interop")]
public sealed class FoxgloveTests
{
    private const int SamplesPerType = 20;
    private static readonly InterfaceCatalog s_catalog = InterfaceCatalog.Default;

    [Fact]
    public void Codec_EveryShippedType_AgreesByteForByteInBothDirections()
    {
        string folder = Peers.Foxglove();
        var random = new SeededRandom(11, "foxglove");
        // Its parser gives an empty message no field, where ROS has one octet on the wire.
        string[] types = [.. InterfaceCatalog.ShippedMessages.Where(t => s_catalog.Get(t).Fields[0].Name != RosMessageType.EmptyMember)];
        Dictionary<string, DynamicMessage[]> sent = types.ToDictionary(
            t => t, t => Enumerable.Range(0, SamplesPerType).Select(_ => RandomMessages.Make(s_catalog, t, random)).ToArray());
        string input = Path.Combine(folder, $"in-{Environment.ProcessId}.json");
        string output = Path.Combine(folder, $"out-{Environment.ProcessId}.json");
        File.WriteAllText(input, JsonSerializer.Serialize(types.Select(t => new
        {
            type = t,
            definition = Definition(t),
            samples = sent[t].Select(m => Convert.ToHexStringLower(Cdr.Bytes(m))),
        })));
        Assert.True(Peers.TryRun("node", ["cdr.mjs", input, output], folder, out string text), text);
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(output));
        File.Delete(input);
        File.Delete(output);
        Assert.Equal(types.Length, result.RootElement.GetArrayLength());
        foreach (JsonElement entry in result.RootElement.EnumerateArray())
            Compare(entry, sent[entry.GetProperty("type").GetString()!]);
    }

    private static void Compare(JsonElement entry, DynamicMessage[] sent)
    {
        string type = entry.GetProperty("type").GetString()!;
        for (int i = 0; i < sent.Length; i++)
        {
            Assert.Equal(Convert.ToHexStringLower(Cdr.Bytes(sent[i])), entry.GetProperty("again")[i].GetString());
            Assert.Equal(Digest(sent[i]), entry.GetProperty("digests")[i].GetString());

            byte[] made = Convert.FromHexString(entry.GetProperty("made")[i].GetString()!);
            var dynamic = new DynamicMessage(s_catalog, type);
            IRosMessage record = Records.Make(type);
            foreach (IRosMessage ours in new[] { dynamic, record })
            {
                var reader = new CdrReader(made);
                Assert.True(ours.TryRead(ref reader), $"{type}: {ours.GetType().Name} cannot read what the peer wrote");
                Assert.Equal(0, reader.Remaining);
                Assert.True(made.AsSpan().SequenceEqual(Cdr.Bytes(ours)), $"{type}: {ours.GetType().Name} writes other bytes than the peer");
            }
            Assert.Equal(Digest(dynamic), entry.GetProperty("madeDigests")[i].GetString());
        }
    }

    private static string Definition(string type)
    {
        var text = new StringBuilder(Fields(s_catalog.Get(type)));
        foreach (RosMessageType nested in s_catalog.ReferencedBy(type))
            text.Append("================================================================================\nMSG: ").Append(nested.Name).Append('\n').Append(Fields(nested));
        return text.ToString();
    }

    private static string Fields(RosMessageType type)
    {
        var text = new StringBuilder();
        foreach (RosField f in type.Fields)
        {
            string element = f.Kind switch
            {
                FieldKind.Nested => f.NestedType,
                FieldKind.BoundedString => string.Create(CultureInfo.InvariantCulture, $"string<={f.StringCapacity}"),
                _ => f.Kind.ToString().ToLowerInvariant(),
            };
            string shape = f.Shape switch
            {
                FieldShape.Array => $"[{f.Capacity}]",
                FieldShape.BoundedSequence => $"[<={f.Capacity}]",
                FieldShape.Sequence => "[]",
                _ => "",
            };
            text.Append(element).Append(shape).Append(' ').Append(f.Name).Append('\n');
        }
        return text.ToString();
    }

    private static string Digest(DynamicMessage message)
    {
        var leaves = new List<string>();
        Flatten(message, leaves);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', leaves))));
    }

    private static void Flatten(DynamicMessage message, List<string> leaves)
    {
        foreach (RosField f in message.Type.Fields)
        {
            object value = message[f.Name];
            Array items = value as Array ?? new[] { value };
            if (f.Shape != FieldShape.Single)
                leaves.Add(string.Create(CultureInfo.InvariantCulture, $"n{items.Length}"));
            foreach (object item in items)
                Leaf(item, leaves);
        }
    }

    private static void Leaf(object item, List<string> leaves)
    {
        switch (item)
        {
            case DynamicMessage nested:
                Flatten(nested, leaves);
                break;
            case string s:
                leaves.Add("s" + s);
                break;
            case double or float:
                leaves.Add("f" + BitConverter.DoubleToUInt64Bits(Convert.ToDouble(item, CultureInfo.InvariantCulture)).ToString("x16", CultureInfo.InvariantCulture));
                break;
            case bool b:
                leaves.Add(b ? "i1" : "i0");
                break;
            default:
                leaves.Add("i" + Convert.ToString(item, CultureInfo.InvariantCulture));
                break;
        }
    }
}
