using System.Diagnostics;
using System.Text.Json;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Tests.Shared;

namespace Robotics.Transport.Tests;

/// <summary>A foreign edge on zeromq and @msgpack/msgpack attaches to our learner: its maps become records, it gets acknowledgements and the policy.</summary>
[Trait("Category", "Interop")]
public sealed class NodeEdgeTests : IDisposable, ITransitionSink
{
    private const int Count = 420;
    private const long PatienceNs = 60_000_000_000;
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-").FullName;
    private readonly TransitionRecord _record = new(LinkRig.Schema);
    private readonly List<float> _executed = [];
    private long _finals;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    void ITransitionSink.Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(record, _record, out _));
        Assert.Equal((ulong.MaxValue, 0xFEDCBA9876543210ul, -(long)header.Sequence), (_record.ClampMask, _record.Policy.ContentHash, _record.SampleTimeNs));
        _executed.Add(_record.Executed[1]);
        _finals += _record.HasFinal ? 1 : 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NodeEdge_SendsMapsOverTheLink_IsStoredAcknowledgedAndGetsThePolicy(bool curve)
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "link");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "zeromq")), "needs zeromq: npm install --prefix tests/peers/link");
        CurveKeyPair learnerKeys = CurveKeyPair.Generate(), edgeKeys = CurveKeyPair.Generate();
        using var channel = new ZmqLearnerChannel("tcp://127.0.0.1:*", curve ? learnerKeys : null, curve ? new Dictionary<string, string> { [edgeKeys.PublicKey] = "0000000000000007" } : null);
        using var store = new ExperienceStore(Path.Combine(_root, "store"), new SpoolOptions { CommitIntervalNs = 1_000_000 });
        var log = new List<string>();
        var learner = new LearnerEndpoint(channel, store, this, new LearnerEndpointOptions { Schema = LinkRig.Schema, Log = log.Add });
        learner.Publish(new byte[600_000], new PolicyIdentity(1, 1, 1, 1));
        string[] keys = curve ? [learnerKeys.PublicKey, edgeKeys.PublicKey, edgeKeys.SecretKey] : [];
        using Process node = Process.Start(new ProcessStartInfo("node", ["edge.mjs", channel.Endpoint, $"{Count}", Convert.ToHexString(LinkRig.Schema.Description), .. keys])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        long start = MonotonicClock.Instance.NowNs;
        while (!node.HasExited && MonotonicClock.Instance.NowNs - start < PatienceNs)
            learner.Poll(MonotonicClock.Instance.NowNs, 5);
        if (!node.HasExited)
            node.Kill();
        string output = node.StandardOutput.ReadToEnd();
        Assert.True(output.Length > 0, node.StandardError.ReadToEnd() + string.Join('\n', log));
        JsonElement told = JsonDocument.Parse(output).RootElement;
        Assert.Equal((Count, 600_000), (told.GetProperty("persisted").GetInt32(), told.GetProperty("policy").GetInt32()));
        Assert.Equal(Enumerable.Range(1, Count).Select(i => -i - 1f), _executed);
        Assert.Equal((Count / 10, 0L, 0L), (_finals, learner.Counters.BadFrames, learner.Counters.BadRecords));
    }
}
