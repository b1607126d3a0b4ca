using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;

namespace Robotics.Transport.Tests;

/// <summary>One robot, one learner, a link between them whose frames can be spoilt, and restarts of either side by dropping the objects.</summary>
internal sealed class LinkRig : IDisposable, ITransitionSink
{
    public const ulong Robot = 7;
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-").FullName;
    private readonly TransitionRecord _record = new(Schema);
    private readonly byte[] _bytes = new byte[Schema.FinalRecordLength];
    private MemoryLink _link = new();
    private ExperienceStore? _store;
    private long _badBefore;

    public static TransitionSchema Schema { get; } = new("hover", 1, 3, 2, 2, 4);

    public SeededRandom? Faults { get; set; }

    public SpoolWriter Spool { get; private set; } = null!;

    public EdgeLink Edge { get; private set; } = null!;

    public LearnerEndpoint Learner { get; private set; } = null!;

    public List<string> Log { get; } = [];

    public List<TransitionIdentity> Ingested { get; } = [];

    public List<TransitionIdentity> Recorded { get; } = [];

    public string SpoolRoot => Path.Combine(_root, "spool");

    public string StoreRoot => Path.Combine(_root, "store");

    public long NowNs { get; private set; }

    /// <summary>Frames and records found bad at either end, in all their lives.</summary>
    public long Bad => _badBefore + (Learner?.Counters.BadFrames ?? 0) + (Learner?.Counters.BadRecords ?? 0) + (Edge?.Counters.BadFrames ?? 0);

    public void StartLearner(LearnerEndpointOptions? options = null, StoreBound? bound = null)
    {
        _badBefore += (Learner?.Counters.BadFrames ?? 0) + (Learner?.Counters.BadRecords ?? 0);
        _store?.Dispose();
        _link.Dispose();
        _link = new MemoryLink();
        _store = new ExperienceStore(StoreRoot, new SpoolOptions { CommitIntervalNs = 50_000_000 }, bound);
        Learner = new LearnerEndpoint(new SpoiltLearnerChannel(_link.Learner, this), _store, this,
            (options ?? new LearnerEndpointOptions { Run = 3, Epoch = 1, Schema = Schema }) with { Log = Log.Add });
        if (Spool is not null)
            ConnectEdge();
    }

    public void StartEdge(ulong boot, EdgeLinkOptions? options = null, TransitionSchema? schema = null)
    {
        Edge?.Dispose();
        Spool?.Dispose();
        Spool = SpoolWriter.Open(SpoolRoot, new SpoolStream(Robot, boot), schema ?? Schema, new SpoolOptions { CommitIntervalNs = 50_000_000 });
        ConnectEdge(options);
    }

    public void ConnectEdge(EdgeLinkOptions? options = null)
    {
        _badBefore += Edge?.Counters.BadFrames ?? 0;
        Edge?.Dispose();
        Edge = new EdgeLink(Spool, new SpoiltEdgeChannel(_link.Connect(), this), options);
    }

    public void Record(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _record.Clear();
            _record.Identity = new TransitionIdentity(Robot, Spool.Stream.Boot, Spool.LastAppended + 1);
            _record.Source = ActionSource.Policy;
            _record.Frame[0] = Spool.LastAppended;
            int length = TransitionCodec.Encode(_record, _bytes);
            Assert.Equal(SpoolStatus.Ok, Spool.Append(_bytes.AsSpan(0, length)));
            Recorded.Add(_record.Identity);
        }
        Spool.Pump(NowNs);
    }

    public void Step(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            NowNs += 10_000_000;
            Spool.Pump(NowNs);
            Edge.Pump(NowNs);
            Learner.Poll(NowNs);
        }
    }

    public bool StepUntil(Func<bool> condition, int limit = 5000)
    {
        for (int i = 0; i < limit; i++)
        {
            if (condition())
                return true;
            Step();
        }
        return false;
    }

    public string Describe() =>
        $"{Edge.State} {Edge.Trouble}, earlier boots left {Edge.EarlierBootsLeft}, acknowledged {Edge.Acknowledged} of {Spool.LastAppended}, "
        + $"sent {Edge.Counters.RecordsSent}, rewinds {Edge.Counters.Rewinds}, hellos {Edge.Counters.Hellos}, bad frames {Edge.Counters.BadFrames}, "
        + $"learner gaps {Learner.Counters.Gaps}, bad records {Learner.Counters.BadRecords}, repeated {Learner.Counters.Repeated}, sessions {Learner.Sessions}, "
        + $"spool flushed {Spool.LastFlushed}, {string.Join(' ', _store!.OpenStreams.Select(s => _store.Open(s, Schema)).Select(w => $"{w.Stream.Boot}: {w.LastAppended}/{w.LastFlushed}/{w.LastDurable} {w.LastFailure}"))}";

    public List<TransitionIdentity> Stored()
    {
        _store!.Commit();
        var found = new List<TransitionIdentity>();
        foreach (SpoolStream stream in SpoolStream.List(StoreRoot).Where(s => s.HasSegments(StoreRoot)))
        {
            using SpoolReader reader = SpoolReader.Open(StoreRoot, stream, SpoolVerifier.SchemaOf(StoreRoot, stream));
            while (reader.TryRead(out _, out TransitionHeader header))
                found.Add(header.Identity);
        }
        return found;
    }

    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) => Ingested.Add(header.Identity);

    public void Dispose()
    {
        Edge?.Dispose();
        Spool?.Dispose();
        _store?.Dispose();
        _link.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
