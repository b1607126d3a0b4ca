using System.Diagnostics;
using System.Text.Json;
using Robotics.Experience;
using Robotics.Tests.Shared;

namespace Robotics.Transport.Tests;

/// <summary>The independent Python counter agrees with what happened.</summary>
public sealed class PeerCountTests
{
    [Fact]
    public void CountIdentities_AfterALearnerThatMissesSome_CountsThem()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Record(300);
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 300));
        Assert.Equal((300, 300, 0, 0), Count(rig));
        rig.Record(5);
        rig.Spool.Flush();
        Assert.Equal((305, 300, 5, 0), Count(rig));
    }

    private static (int Recorded, int Stored, int Lost, int Duplicated) Count(LinkRig rig)
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "count_identities.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, rig.SpoolRoot, rig.StoreRoot]) { RedirectStandardOutput = true, UseShellExecute = false };
        Assert.SkipUnless(File.Exists(start.FileName), "needs python3 (apt-get install python3)");
        using Process process = Process.Start(start)!;
        JsonElement json = JsonDocument.Parse(process.StandardOutput.ReadToEnd()).RootElement;
        process.WaitForExit();
        return (json.GetProperty("recorded").GetInt32(), json.GetProperty("stored").GetInt32(),
            json.GetProperty("lost").GetInt32(), json.GetProperty("duplicated").GetInt32());
    }
}
