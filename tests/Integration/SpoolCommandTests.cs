using System.Text.Json;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Integration.Tests.WallClock;

namespace Robotics.Integration.Tests;

/// <summary><c>robotics spool</c> as a person and a script meet it, over one damaged spool: found, repaired, exported, brought back.</summary>
public sealed class SpoolCommandTests
{
    private const int Records = 200;
    private static readonly TransitionSchema s_schema = new("spool-command", 0x1122334455667788, 3, 2, 2, 4);
    private static readonly SpoolStream s_stream = new(7, 9);

    [Fact]
    public void Spool_OneRecordDamaged_IsFoundRepairedExportedAndImported()
    {
        using var folder = new TemporaryFolder();
        Write(folder["spool"]);
        Damage(folder["spool"]);
        JsonElement found = Json(ExitCodeOf.Failed, "verify", folder["spool"], "--json");
        Assert.False(found.GetProperty("whole").GetBoolean());
        Assert.Equal(1, found.GetProperty("problems").GetInt32());

        JsonElement repaired = Json(ExitCodeOf.Ok, "repair", folder["spool"], folder["repaired"], "--json");
        Assert.Equal(Records - 1, repaired.GetProperty("records").GetInt64());
        JsonElement stream = Assert.Single(repaired.GetProperty("streams").EnumerateArray());
        Assert.Equal("0000000000000009", stream.GetProperty("boot").GetString());
        JsonElement verified = Json(ExitCodeOf.Failed, "verify", folder["repaired"], "--json"); // every byte is valid, and one identity is missing
        Assert.Equal((0, 1), (verified.GetProperty("problems").GetInt32(), verified.GetProperty("missing").GetInt32()));

        JsonElement exported = Json(ExitCodeOf.Ok, "export", folder["repaired"], "--mcap", folder["mcap"], "--json");
        string file = Assert.Single(exported.GetProperty("streams").EnumerateArray()).GetProperty("target").GetString()!;
        JsonElement imported = Json(ExitCodeOf.Ok, "import", file, folder["back"], "--json");
        Assert.Equal((Records - 1, "end"), (imported.GetProperty("records").GetInt32(), imported.GetProperty("ended").GetString()));
        Assert.Equal(Json(ExitCodeOf.Ok, "info", folder["repaired"], "--json").GetProperty("records").GetInt64(), Json(ExitCodeOf.Ok, "info", folder["back"], "--json").GetProperty("records").GetInt64());
    }

    [Fact]
    public void Spool_WithoutJson_SaysTheSameInWords()
    {
        using var folder = new TemporaryFolder();
        Write(folder["spool"]);
        Assert.Contains($"{Records} records in 1 streams: whole", Say("verify", folder["spool"]), StringComparison.Ordinal);
        Assert.Contains($"{s_stream.FolderName}: {Records} transitions", Say("repair", folder["spool"], folder["repaired"]), StringComparison.Ordinal);
        Assert.Contains($"{s_stream.FolderName}.mcap: {Records} transitions", Say("export", folder["spool"], "--mcap", folder["mcap"]), StringComparison.Ordinal);
        Assert.Contains($"{Records} transitions added", Say("import", Path.Combine(folder["mcap"], s_stream.FolderName + ".mcap"), folder["back"]), StringComparison.Ordinal);
    }

    private static class ExitCodeOf
    {
        public const int Ok = 0;
        public const int Failed = 1;
    }

    private static void Write(string root)
    {
        using SpoolWriter writer = SpoolWriter.Open(root, s_stream, s_schema, new SpoolOptions());
        var record = new TransitionRecord(s_schema);
        var bytes = new byte[s_schema.FinalRecordLength];
        for (ulong sequence = 1; sequence <= Records; sequence++)
        {
            record.Clear();
            record.Identity = new TransitionIdentity(s_stream.Robot, s_stream.Boot, sequence);
            record.Step = (uint)sequence;
            record.Source = ActionSource.Policy;
            Assert.Equal(SpoolStatus.Ok, writer.Append(bytes.AsSpan(0, TransitionCodec.Encode(record, bytes))));
        }
    }

    // One bit in a record in the middle.
    private static void Damage(string root)
    {
        string segment = Assert.Single(Directory.EnumerateFiles(s_stream.PathIn(root), "*.seg"));
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length - (Records / 2 * s_schema.RecordLength) + (s_schema.RecordLength / 2)] ^= 1;
        File.WriteAllBytes(segment, bytes);
    }

    private static JsonElement Json(int expected, params string[] arguments)
    {
        (int code, string output, string errors) = RoboticsCommand.Execute(["spool", .. arguments]);
        Assert.True(code == expected, $"exit code {code} instead of {expected}: {output}{errors}");
        return JsonDocument.Parse(Assert.Single(output.Trim().Split('\n'))).RootElement;
    }

    private static string Say(params string[] arguments)
    {
        (int code, string output, string errors) = RoboticsCommand.Execute(["spool", .. arguments]);
        Assert.True(code == 0, output + errors);
        return output;
    }
}
