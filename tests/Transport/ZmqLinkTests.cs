using System.Diagnostics.CodeAnalysis;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;
using Robotics.Tests.Shared;

namespace Robotics.Transport.Tests;

/// <summary>The link over real TCP and CURVE on the loopback.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "channels are disposed by using declarations of the callers")]
public sealed class ZmqLinkTests : IDisposable
{
    private static readonly long Patience = 20_000_000_000;
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-").FullName;
    private readonly CurveKeyPair _learnerKeys, _robotKeys;

    public ZmqLinkTests()
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        _learnerKeys = CurveKeyPair.Generate();
        _robotKeys = CurveKeyPair.Generate();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Link_OverTcpWithCurve_CarriesRecordsUpAndPoliciesDown()
    {
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", _learnerKeys, Allow(_robotKeys, "0000000000000007"));
        using var edgeChannel = new ZmqEdgeChannel(channel.Endpoint, _robotKeys, _learnerKeys.PublicKey);
        using var rig = new LinkRig();
        using var store = new ExperienceStore(Path.Combine(_root, "store"), new SpoolOptions { CommitIntervalNs = 1_000_000 });
        var learner = new LearnerEndpoint(channel, store, rig, new LearnerEndpointOptions { Schema = LinkRig.Schema });
        rig.StartEdge(boot: 1);
        using var edge = new EdgeLink(rig.Spool, edgeChannel);
        rig.Record(1000);
        rig.Spool.Flush();
        learner.Publish(new byte[500_000], new PolicyIdentity(1, 1, 1, 1));
        Assert.True(PumpUntil(edge, learner, () => edge.Acknowledged == 1000 && edge.Counters.Policies == 1), edge.Trouble);
        Assert.Equal(rig.Recorded, rig.Ingested);
    }

    [Fact]
    public void Connect_KeyNotOnTheList_IsRefusedWithTheReason()
    {
        var log = new List<string>();
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", _learnerKeys, Allow(CurveKeyPair.Generate(), "*"), log.Add);
        using var edgeChannel = new ZmqEdgeChannel(channel.Endpoint, _robotKeys, _learnerKeys.PublicKey);
        AssertRefused(channel, edgeChannel, e => e.Trouble.Contains("not on its allow-list", StringComparison.Ordinal));
        Assert.True(channel.RefusedKeys > 0);
        Assert.Equal(_robotKeys.PublicKey, channel.LastRefusedKey);
        Assert.Contains($"not on the allow-list (1 refused so far): {_robotKeys.PublicKey}", log[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_WrongLearnerKey_IsRefusedWithTheReason()
    {
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", _learnerKeys, Allow(_robotKeys, "*"));
        using var edgeChannel = new ZmqEdgeChannel(channel.Endpoint, _robotKeys, CurveKeyPair.Generate().PublicKey);
        AssertRefused(channel, edgeChannel, e => e.Trouble.Contains("handshake failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Hello_KeyOfAnotherRobot_IsRefusedWithTheReason()
    {
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", _learnerKeys, Allow(_robotKeys, "0000000000000008"));
        using var edgeChannel = new ZmqEdgeChannel(channel.Endpoint, _robotKeys, _learnerKeys.PublicKey);
        AssertRefused(channel, edgeChannel, e => e.Refusal == LinkRefusal.UnknownRobot);
    }

    [Fact]
    public void Bind_PortInUse_SaysWhatToDo()
    {
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", null, null);
        ZmqException e = Assert.Throws<ZmqException>(() => new ZmqLearnerChannel(channel.Endpoint, null, null));
        Assert.Contains("another learner uses this port", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Link_LearnerGoesAndComesBack_ResumesByItself()
    {
        using var rig = new LinkRig();
        rig.StartEdge(boot: 1);
        var first = new ZmqLearnerChannel("tcp://127.0.0.1:*", _learnerKeys, Allow(_robotKeys, "*"));
        string endpoint = first.Endpoint;
        using var edgeChannel = new ZmqEdgeChannel(endpoint, _robotKeys, _learnerKeys.PublicKey);
        using var edge = new EdgeLink(rig.Spool, edgeChannel);
        using (first)
        using (var store = new ExperienceStore(Path.Combine(_root, "store"), new SpoolOptions { CommitIntervalNs = 1_000_000 }))
        {
            rig.Record(100);
            rig.Spool.Flush();
            Assert.True(PumpUntil(edge, new LearnerEndpoint(first, store, rig, new LearnerEndpointOptions()), () => edge.Acknowledged == 100), edge.Trouble);
        }
        rig.Record(100);
        rig.Spool.Flush();
        using var second = new ZmqLearnerChannel(endpoint, _learnerKeys, Allow(_robotKeys, "*"));
        using var again = new ExperienceStore(Path.Combine(_root, "store"), new SpoolOptions { CommitIntervalNs = 1_000_000 });
        var learner = new LearnerEndpoint(second, again, rig, new LearnerEndpointOptions { Epoch = 1 });
        Assert.True(PumpUntil(edge, learner, () => edge.Acknowledged == 200), edge.Trouble);
        Assert.Equal(rig.Recorded, rig.Ingested);
    }

    [Fact]
    public void Receive_AfterWarmUp_AllocatesNothing()
    {
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", null, null);
        using var edge = new ZmqEdgeChannel(channel.Endpoint, null, null);
        var frame = new byte[300];
        long received = 0;
        AllocationGuard.AssertNone(() =>
        {
            edge.TrySend(frame);
            edge.TryReceive(out _);
            channel.Wait(10);
            while (channel.TryReceive(out _, out _, out ReadOnlySpan<byte> bytes))
                received += bytes.Length;
        });
        Assert.True(received > 0);
    }

    [Fact]
    public void Encode_KeyOfTheRfc_GivesItsText()
    {
        // rfc.zeromq.org/spec/32: the 8 bytes 86 4F D2 6F B5 59 F7 5B are "HelloWorld"; a key is four times as long.
        byte[] bytes = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];
        Assert.Equal("HelloWorldHelloWorldHelloWorldHelloWorld", CurveKeyPair.Encode([.. bytes, .. bytes, .. bytes, .. bytes]));
    }

    private void AssertRefused(ZmqLearnerChannel channel, ZmqEdgeChannel edgeChannel, Func<EdgeLink, bool> refused)
    {
        using var rig = new LinkRig();
        using var store = new ExperienceStore(Path.Combine(_root, "store"));
        var learner = new LearnerEndpoint(channel, store, rig, new LearnerEndpointOptions());
        rig.StartEdge(boot: 1);
        rig.Record(1);
        using var edge = new EdgeLink(rig.Spool, edgeChannel);
        Assert.True(PumpUntil(edge, learner, () => refused(edge)), edge.Trouble);
        Assert.Empty(rig.Ingested);
    }

    private static Dictionary<string, string> Allow(CurveKeyPair keys, string robot) => new() { [keys.PublicKey] = robot };

    // Real sockets need real time: a deadline only bounds a failing test.
    private static bool PumpUntil(EdgeLink edge, LearnerEndpoint learner, Func<bool> condition)
    {
        long start = MonotonicClock.Instance.NowNs;
        while (!condition() && MonotonicClock.Instance.NowNs - start < Patience)
        {
            edge.Pump(MonotonicClock.Instance.NowNs);
            learner.Poll(MonotonicClock.Instance.NowNs, 1);
        }
        return condition();
    }
}
