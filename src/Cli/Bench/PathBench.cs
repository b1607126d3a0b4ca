using System.Diagnostics.CodeAnalysis;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>One run of the whole experience path on three threads: control (ring), agent (spool, link), learner (ingest, store).</summary>
internal sealed class PathBench : ITransitionSink, IDisposable
{
    private const ulong Robot = 1, Boot = 1;
    private const int RingBytes = 1 << 25; // a third of a second of the image stream
    private const long PatienceNs = 120_000_000_000;

    private static readonly SpoolOptions RealTime = new() { SyncInBackground = true }; // as agent and learner run on a robot

    private readonly TransitionSchema _schema;
    private readonly int _count;
    private readonly RecordRing _ring;
    private readonly long[] _enqueueNs;
    private readonly ManualResetEvent _room = new(false);
    private long _allocated;
    private long _ingested;
    private bool _stop;

    private PathBench(TransitionSchema schema, int count, RecordRing ring)
    {
        _schema = schema;
        _count = count;
        _ring = ring;
        _enqueueNs = new long[count];
    }

    /// <summary>What a run showed.</summary>
    internal readonly record struct Outcome(double PerS, double EnqueueP99Us, long AllocatedBytes, long Lost);

    /// <summary>Carries <paramref name="count"/> transitions from the ring to the acknowledged, fsync'd store.</summary>
    public static Outcome Run(TransitionSchema schema, int count, string folder, bool useCurve)
    {
        using SharedRegion region = SharedRegion.Private(RecordRing.SizeFor(RingBytes));
        using var bench = new PathBench(schema, count, RecordRing.Attach(region, 0, RingBytes));
        CurveKeyPair? learnerKeys = useCurve ? CurveKeyPair.Generate() : null;
        CurveKeyPair? edgeKeys = useCurve ? CurveKeyPair.Generate() : null;
        var allowed = edgeKeys is null ? null : new Dictionary<string, string> { [edgeKeys.PublicKey] = "*" };
        using var learnerChannel = new ZmqLearnerChannel("tcp://127.0.0.1:*", learnerKeys, allowed);
        using var edgeChannel = new ZmqEdgeChannel(learnerChannel.Endpoint, edgeKeys, learnerKeys?.PublicKey);
        using var store = new ExperienceStore(Path.Combine(folder, "store"), RealTime);
        var endpoint = new LearnerEndpoint(learnerChannel, store, bench, new LearnerEndpointOptions());
        var learner = new Thread(() => bench.Learn(endpoint)) { Name = "learner" };
        learner.Start();
        Outcome outcome = bench.RunEdge(edgeChannel, Path.Combine(folder, "spool"));
        Volatile.Write(ref bench._stop, true);
        learner.Join();
        return outcome;
    }

    /// <inheritdoc/>
    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) => _ingested++;

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private Outcome RunEdge(ZmqEdgeChannel channel, string spoolRoot)
    {
        using var agent = new ExperienceAgent(_ring, spoolRoot, _schema, RealTime, channel);
        agent.Open(new SpoolStream(Robot, Boot));
        MonotonicClock clock = MonotonicClock.Instance;
        long begun = clock.NowNs;
        while (agent.Link!.State != EdgeLinkState.Connected && clock.NowNs - begun < PatienceNs)
        {
            agent.Pump(clock.NowNs);
            agent.Link.Wait(1);
        }
        var control = new Thread(Record) { Name = "control" };
        long start = clock.NowNs;
        control.Start();
        while (agent.Link.Acknowledged < (ulong)_count && clock.NowNs - start < PatienceNs)
        {
            if (agent.Pump(clock.NowNs) == 0)
                agent.Link.Wait(1);
        }
        double seconds = (clock.NowNs - start) * 1e-9;
        control.Join();
        Array.Sort(_enqueueNs);
        return new Outcome(_count / seconds, _enqueueNs[(int)(0.99 * (_count - 1))] * 1e-3, _allocated, _count - (long)agent.Link.Acknowledged);
    }

    private void Learn(LearnerEndpoint endpoint)
    {
        while (!Volatile.Read(ref _stop))
            endpoint.Poll(MonotonicClock.Instance.NowNs, 1);
    }

    [SuppressMessage("Performance", "CA1859", Justification = "the clock is read through its own type on purpose: no interface call between two reads")]
    private void Record()
    {
        var record = new TransitionRecord(_schema);
        MonotonicClock clock = MonotonicClock.Instance;
        _room.WaitOne(1); // the first wait of a thread makes what it needs
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < _count;)
        {
            record.Identity = new TransitionIdentity(Robot, Boot, (ulong)i + 1);
            record.Frame[0] = i;
            long start = clock.NowNs;
            if (!_ring.TryReserve(_schema.FinalRecordLength, out Span<byte> frame))
            {
                before += Wait(); // a real control loop would count the loss and not wait; here the path's own pace is wanted
                continue;
            }
            _ring.Commit(TransitionCodec.Encode(record, frame));
            _enqueueNs[i++] = clock.NowNs - start;
        }
        _allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Nobody sets the event. The runtime's wait may allocate, which is nothing the enqueue did: returns how much.
    private long Wait()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _room.WaitOne(1);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
