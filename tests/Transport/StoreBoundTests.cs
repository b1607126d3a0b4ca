using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;

namespace Robotics.Transport.Tests;

/// <summary>The learner's store has a bound: it forgets the oldest whole segments and never takes an identity twice, or takes nothing more and the edge keeps it.</summary>
public sealed class StoreBoundTests
{
    private const long Bound = 64 * 1024;

    [Fact]
    public void DropOldest_ManyTimesTheBound_StaysWithinItAndIngestsEachIdentityOnce()
    {
        using var rig = new LinkRig();
        rig.StartLearner(bound: new StoreBound { MaxBytes = Bound, DropsOldest = true });
        rig.StartEdge(boot: 1);
        for (int i = 0; i < 40; i++)
        {
            rig.Record(50);
            Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == rig.Spool.LastAppended), rig.Describe());
            Assert.InRange(BytesOnDisk(rig), 0, Bound + (Bound / 8));
        }
        List<TransitionIdentity> stored = rig.Stored();
        Assert.True(stored.Count < rig.Recorded.Count);
        Assert.Equal(rig.Recorded.TakeLast(stored.Count), stored); // the newest, in order
        Assert.Equal(rig.Recorded, rig.Ingested); // each once
        Assert.True(SpoolVerifier.Verify(rig.StoreRoot).IsWhole);

        // A learner that starts anew, and an edge that sends all it has: what was given up is not taken again.
        rig.StartLearner(bound: new StoreBound { MaxBytes = Bound, DropsOldest = true });
        Assert.True(rig.StepUntil(() => rig.Edge.State == EdgeLinkState.Connected && rig.Edge.Acknowledged == rig.Spool.LastAppended), rig.Describe());
        rig.Step(100);
        Assert.Equal(rig.Recorded, rig.Ingested);
        Assert.Equal(stored, rig.Stored());
    }

    [Fact]
    public void DropOldest_EndedBoots_GoFirstAndAreNotTakenAgain()
    {
        using var rig = new LinkRig();
        rig.StartLearner(new LearnerEndpointOptions { Run = 3, Epoch = 1, Schema = LinkRig.Schema, SilenceNs = 100_000_000 }, new StoreBound { MaxBytes = Bound, DropsOldest = true });
        for (ulong boot = 1; boot <= 6; boot++)
        {
            rig.StartEdge(boot);
            rig.Record(100);
            Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 100), rig.Describe());
        }
        rig.Step(100); // the sessions of the ended boots are forgotten, their streams closed
        rig.Record(400);
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 500), rig.Describe());
        Assert.DoesNotContain(rig.Stored(), i => i.Boot == 1);
        foreach (string mark in Directory.GetFiles(rig.SpoolRoot, SpoolStream.AcknowledgedFile, SearchOption.AllDirectories))
            File.Delete(mark); // the edge no longer knows that its ended boots arrived
        rig.ConnectEdge();
        Assert.True(rig.StepUntil(() => rig.Edge is { EarlierBootsLeft: 0, Acknowledged: 500 }), rig.Describe());
        Assert.Equal(rig.Recorded, rig.Ingested);
        Assert.DoesNotContain(rig.Stored(), i => i.Boot == 1);
    }

    [Fact]
    public void Refuse_BoundReached_TheEdgeKeepsTheRestAndTheLearnerSaysWhy()
    {
        using var rig = new LinkRig();
        rig.StartLearner(bound: new StoreBound { MaxBytes = Bound });
        rig.StartEdge(boot: 1, new EdgeLinkOptions { ResendNs = 100_000_000 });
        rig.Record(2000);
        rig.Step(500);
        ulong held = rig.Edge.Acknowledged;
        Assert.InRange(held, 1ul, 1999ul);
        Assert.InRange(BytesOnDisk(rig), 0, Bound);
        Assert.True(rig.Learner.Counters.RefusedStore > 0);
        Assert.Contains(rig.Log, line => line.Contains("store.max_mib", StringComparison.Ordinal));
        rig.StartLearner(bound: new StoreBound { MaxBytes = 100 * Bound });
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 2000), rig.Describe());
        Assert.Equal(rig.Recorded, rig.Ingested);
    }

    private static long BytesOnDisk(LinkRig rig) =>
        SpoolStream.List(rig.StoreRoot).Sum(s => SegmentFile.List(s.PathIn(rig.StoreRoot)).Sum(f => new FileInfo(f.Path).Length));
}
