using Robotics.Drivers.Serial.Mavlink;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class MavlinkTableTests
{
    private static readonly string s_folder = Path.Combine(SharedData.RepositoryRoot, "src", "Drivers", "Serial", "Mavlink");

    [Fact]
    public void GeneratedTables_AreWhatTheDefinitionFileSays()
    {
        string generated = MavlinkTableGenerator.Generate(File.ReadAllText(Path.Combine(s_folder, "messages.txt")));
        string path = Path.Combine(s_folder, "MavlinkMessages.g.cs");
        if (Environment.GetEnvironmentVariable("ROBOTICS_REGENERATE") == "1")
            File.WriteAllText(path, generated);
        Assert.Equal(generated, File.ReadAllText(path));
    }

    [Fact]
    public void Table_AgreesWithThePublishedFactsOfEveryMessage()
    {
        string[] lines = File.ReadAllLines(SharedData.Require("mavlink/messages.txt"));
        string[][] rows = [.. lines.SkipWhile(l => !l.StartsWith("# Part 2", StringComparison.Ordinal)).Skip(1).Select(l => l.Split(' ')).Where(w => w.Length == 5)];
        Assert.Equal(MavlinkTable.Count, rows.Length);
        foreach (string[] row in rows)
        {
            Assert.True(MavlinkTable.TryFind(uint.Parse(row[0]), out MavlinkMessageFacts facts), row[1]);
            Assert.Equal((row[1], int.Parse(row[2]), int.Parse(row[3]), int.Parse(row[4])), (row[1], facts.CrcExtra, facts.BaseLength, facts.Length));
        }
    }
}
