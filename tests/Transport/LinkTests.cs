using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;

namespace Robotics.Transport.Tests;

public sealed class LinkTests
{
    [Fact]
    public void Link_Undisturbed_DeliversInOrderAndAcknowledgesOnlyWhatIsPersisted()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Record(100);
        rig.Step(3);
        Assert.Equal(rig.Recorded, rig.Ingested);
        Assert.Equal(0ul, rig.Edge.Acknowledged); // ingested, but the store's commit interval is not over
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 100));
        Assert.Equal(rig.Recorded, rig.Stored());
        Assert.Equal(ulong.MaxValue, rig.Edge.Granted);
    }

    [Fact]
    public void Grant_WithLead_FollowsWhatWasIngested()
    {
        using var rig = new LinkRig();
        rig.StartLearner(new LearnerEndpointOptions { GrantLeadSteps = 8 });
        rig.StartEdge(boot: 1);
        Assert.Equal(0ul, rig.Edge.Granted);
        Assert.True(rig.StepUntil(() => rig.Edge.Granted == 8));
        rig.Record(5);
        Assert.True(rig.StepUntil(() => rig.Edge.Granted == 13));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Link_SpoiltFramesAndRestartsOfBothSides_LosesAndDoublesNothing(ulong seed)
    {
        using var rig = new LinkRig();
        var random = new SeededRandom(seed, "restarts");
        rig.Faults = new SeededRandom(seed, "faults");
        ulong boot = 1;
        rig.StartLearner();
        rig.StartEdge(boot);
        for (int round = 0; round < 200; round++)
        {
            rig.Record(random.NextInt(30));
            rig.Step(1 + random.NextInt(5));
            switch (random.NextInt(20))
            {
                case 0:
                    rig.StartLearner();
                    break;
                case 1:
                    rig.StartEdge(++boot);
                    break;
                case 2:
                    rig.ConnectEdge();
                    break;
            }
        }
        rig.Faults = null;
        Assert.True(rig.StepUntil(() => rig.Edge.EarlierBootsLeft == 0 && rig.Edge.Acknowledged == rig.Spool.LastAppended), rig.Describe());
        Assert.Equal(rig.Recorded.OrderBy(Key), rig.Stored().OrderBy(Key));
        Assert.Equal(rig.Ingested.Count, rig.Ingested.Distinct().Count());
        Assert.True(rig.Bad > 0);
    }

    [Fact]
    public void Edge_NewBootWhileTheLearnerIsAway_SendsTheEarlierBootFirst()
    {
        using var rig = new LinkRig();
        rig.StartEdge(boot: 5);
        rig.Record(10);
        rig.StartEdge(boot: 2);
        rig.Record(10);
        rig.StartLearner();
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 10));
        Assert.Equal(rig.Recorded, rig.Ingested);
        rig.StartEdge(boot: 9);
        Assert.Equal(0, rig.Edge.EarlierBootsLeft); // both are marked: the next start need not ask
    }

    [Fact]
    public void Edge_LearnerFallsSilent_KeepsEverythingAndResumes()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Record(10);
        rig.StepUntil(() => rig.Edge.Acknowledged == 10);
        long now = rig.NowNs;
        for (int i = 0; i < 1000; i++)
            rig.Edge.Pump(now += 10_000_000); // the learner is not polled
        Assert.Equal((EdgeLinkState.Greeting, 1L), (rig.Edge.State, rig.Edge.Counters.Silences));
        rig.Record(10);
        for (int i = 0; i < 1000; i++)
        {
            rig.Edge.Pump(now += 10_000_000);
            rig.Learner.Poll(now);
        }
        Assert.Equal(20ul, rig.Edge.Acknowledged);
    }

    [Fact]
    public void Hello_OtherSchema_IsRefusedWithTheReason()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1, schema: new TransitionSchema("land", 2, 4, 0, 2, 4));
        rig.Step(3);
        Assert.Equal((EdgeLinkState.Refused, LinkRefusal.Schema), (rig.Edge.State, rig.Edge.Refusal));
        Assert.Contains("land (frame 4", rig.Edge.Trouble, StringComparison.Ordinal);
        Assert.Equal(1, rig.Learner.Counters.RefusedSchema);
    }

    [Fact]
    public void Hello_UnknownRobot_IsRefusedWithTheReason()
    {
        using var rig = new LinkRig();
        rig.StartLearner(new LearnerEndpointOptions { Robots = new HashSet<ulong> { 8 } });
        rig.StartEdge(boot: 1);
        rig.Step(3);
        Assert.Equal(LinkRefusal.UnknownRobot, rig.Edge.Refusal);
        Assert.Contains("0000000000000007 is not on", rig.Edge.Trouble, StringComparison.Ordinal);
        Assert.Equal(1, rig.Learner.Counters.RefusedRobot);
        Assert.Single(rig.Log);
    }

    [Fact]
    public void Hello_StoreOverQuota_IsRefusedWithTheReason()
    {
        using var rig = new LinkRig();
        var options = new LearnerEndpointOptions { MaxBytesPerRobot = 1000 };
        rig.StartLearner(options);
        rig.StartEdge(boot: 1);
        rig.Record(20);
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 20));
        rig.StartEdge(boot: 2);
        rig.Step(3);
        Assert.Equal(LinkRefusal.Quota, rig.Edge.Refusal);
    }

    [Fact]
    public void Hello_OlderProtocol_IsRefusedWithTheReason()
    {
        using var link = new MemoryLink();
        string root = Directory.CreateTempSubdirectory("robotics-").FullName;
        using var store = new ExperienceStore(root);
        using var rig = new LinkRig();
        var learner = new LearnerEndpoint(link.Learner, store, rig, new LearnerEndpointOptions());
        using IEdgeChannel edge = link.Connect();
        var buffer = new byte[2048];
        byte[] hello = new HelloMessage { Robot = 1, Boot = 1, Schema = LinkRig.Schema.Description }.Write(buffer).ToArray();
        hello[4] = 0; // protocol 0
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(hello.AsSpan(hello.Length - 4), Crc32C.Compute(hello.AsSpan(0, hello.Length - 4)));
        edge.TrySend(hello);
        learner.Poll(0);
        Assert.True(edge.TryReceive(out ReadOnlySpan<byte> bytes));
        Assert.Equal(FrameStatus.Ok, LinkFrame.TryRead(bytes, out LinkFrame frame));
        Assert.True(RefuseMessage.TryRead(frame.Body, out RefuseMessage refuse));
        Assert.Equal(LinkRefusal.ProtocolVersion, refuse.Reason);
        Assert.Contains("the peer speaks 0", System.Text.Encoding.UTF8.GetString(refuse.Text), StringComparison.Ordinal);
        Assert.Equal(1, learner.Counters.RefusedVersion);
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(300_000, false)]
    [InlineData(700_000, true)]
    public void Publish_AnySize_ArrivesWhole(int size, bool spoilt)
    {
        using var rig = new LinkRig();
        if (spoilt)
            rig.Faults = new SeededRandom(1, "faults");
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        var bundle = new byte[size];
        var random = new SeededRandom(2, "bundle");
        foreach (ref byte b in bundle.AsSpan())
            b = (byte)random.NextInt(256);
        var identity = new PolicyIdentity(1, 2, 3, 4);
        rig.Learner.Publish(bundle, identity);
        Assert.True(rig.StepUntil(() => rig.Edge.Counters.Policies > 0));
        Assert.True(rig.Edge.TryTakePolicy(out ReadOnlyMemory<byte> got, out PolicyIdentity told));
        Assert.True(got.Span.SequenceEqual(bundle));
        Assert.Equal(identity, told);
        Assert.False(rig.Edge.TryTakePolicy(out _, out _));
    }

    [Fact]
    public void Publish_BeforeAnEdgeJoins_GivesItTheNewestAtOnce()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.Learner.Publish([1], new PolicyIdentity(1, 1, 0, 10));
        rig.Learner.Publish([2, 2], new PolicyIdentity(1, 1, 1, 20));
        rig.StartEdge(boot: 1);
        Assert.True(rig.StepUntil(() => rig.Edge.Counters.Policies == 1, 10));
        rig.Edge.TryTakePolicy(out ReadOnlyMemory<byte> bundle, out _);
        Assert.Equal([2, 2], bundle.ToArray());
        rig.Edge.Installed = new PolicyIdentity(1, 1, 1, 20);
        Assert.True(rig.StepUntil(() => rig.Learner.Installed.Single() == rig.Edge.Installed));
    }

    [Fact]
    public void Publish_FasterThanTheEdgeFetches_DeliversTheNewest()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Step(3);
        for (uint i = 1; i <= 50; i++)
        {
            rig.Learner.Publish(Enumerable.Repeat((byte)i, 600_000).ToArray(), new PolicyIdentity(1, 1, i, i));
            rig.Step();
        }
        Assert.True(rig.StepUntil(() => rig.Edge.TryTakePolicy(out ReadOnlyMemory<byte> bundle, out _) && bundle.Span[0] == 50));
    }

    // 6 MiB take several round trips; a learner that publishes at every one of them must not keep its robots from ever having a new policy.
    [Fact]
    public void Publish_AtEveryRoundTrip_DeliversPoliciesAllTheSame()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Step(3);
        for (uint i = 1; i <= 50; i++)
        {
            rig.Learner.Publish(Enumerable.Repeat((byte)i, 6 * 1024 * 1024).ToArray(), new PolicyIdentity(1, 1, i, i));
            rig.Step();
            rig.Edge.TryTakePolicy(out _, out _);
        }
        Assert.InRange(rig.Edge.Counters.Policies, 5, 50);
        Assert.Equal(0, rig.Edge.Counters.PoliciesAbandoned);
    }

    [Fact]
    public void Replay_AfterARestart_HandsOverWhatIsStored()
    {
        using var rig = new LinkRig();
        rig.StartLearner();
        rig.StartEdge(boot: 1);
        rig.Record(50);
        Assert.True(rig.StepUntil(() => rig.Edge.Acknowledged == 50));
        rig.Ingested.Clear();
        using var store = new ExperienceStore(rig.StoreRoot);
        Assert.Equal(30, store.Replay(rig, new Dictionary<SpoolStream, ulong> { [new SpoolStream(LinkRig.Robot, 1)] = 20 }));
        Assert.Equal(rig.Recorded.Skip(20), rig.Ingested);
    }

    private static (ulong, ulong) Key(TransitionIdentity i) => (i.Boot, i.Sequence);
}
