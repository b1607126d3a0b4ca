using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;
using Robotics.Runtime.Memory;

namespace Robotics.Transport.Tests;

/// <summary>The link is cut for 30 s at 200 Hz with images, in simulated time.</summary>
public sealed class LinkCutTests : IDisposable, ITransitionSink
{
    private const long PeriodNs = 5_000_000; // 200 Hz
    private const int StepsPerSecond = 200;
    private const int RingBytes = 1 << 22;
    private static readonly TransitionSchema Schema = new("cut", 1, 32, 0, 4, 0, 2 * 32 * 32 * 3);
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-").FullName;
    private readonly TransitionRecord _record = new(Schema);
    private ulong _ingested;
    private ulong _recorded;
    private long _nowNs;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    void ITransitionSink.Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        Assert.Equal(++_ingested, header.Sequence);
        Assert.Equal((byte)header.Sequence, record[TransitionCodec.HeaderLength + (32 * 4) + (3 * 4 * 4)]);
    }

    [Fact]
    public void Cut_ThirtySecondsAt200HzWithImages_ControlNeverWaitsMemoryStaysFlatAndEverythingArrives()
    {
        using SharedRegion region = SharedRegion.Private(RecordRing.SizeFor(RingBytes));
        RecordRing ring = RecordRing.Attach(region, 0, RingBytes);
        using var link = new MemoryLink();
        using var channel = new CutChannel(link.Connect());
        var disk = new SpoolOptions { CommitIntervalNs = 1_000_000_000 };
        using var store = new ExperienceStore(Path.Combine(_root, "store"), disk);
        var learner = new LearnerEndpoint(link.Learner, store, this, new LearnerEndpointOptions { Schema = Schema });
        using var agent = new ExperienceAgent(ring, Path.Combine(_root, "spool"), Schema, disk, channel);
        agent.Open(new SpoolStream(1, 1));

        Fly(ring, agent, learner, seconds: 5);
        Assert.Equal(EdgeLinkState.Connected, agent.Link!.State);
        channel.IsCut = true;
        Fly(ring, agent, learner, seconds: 5);
        ulong atLearner = _ingested;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Fly(ring, agent, learner, seconds: 25);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(atLearner, _ingested); // the cut was one
        Assert.NotEqual(EdgeLinkState.Connected, agent.Link.State);
        Assert.InRange(allocated, 0, 256 * 1024); // 30 MB were recorded meanwhile

        channel.IsCut = false;
        Fly(ring, agent, learner, seconds: 20);
        for (int i = 0; i < 1000 && agent.Link.Acknowledged < _recorded; i++)
            Step(agent, learner);
        Assert.Equal((_recorded, _recorded), (_ingested, agent.Link.Acknowledged));
        Assert.Equal(55ul * StepsPerSecond, _recorded);
        Assert.Equal(0, ring.Dropped);
    }

    // Control's part: one record into the ring each period, without looking at anything else.
    private void Fly(RecordRing ring, ExperienceAgent agent, LearnerEndpoint learner, int seconds)
    {
        for (int i = 0; i < seconds * StepsPerSecond; i++)
        {
            _record.Identity = new TransitionIdentity(1, 1, ++_recorded);
            _record.Images.Fill((byte)_recorded);
            Assert.True(ring.TryReserve(Schema.FinalRecordLength, out Span<byte> frame));
            ring.Commit(TransitionCodec.Encode(_record, frame));
            Step(agent, learner);
        }
    }

    private void Step(ExperienceAgent agent, LearnerEndpoint learner)
    {
        _nowNs += PeriodNs;
        agent.Pump(_nowNs);
        learner.Poll(_nowNs);
    }

    private sealed class CutChannel(IEdgeChannel inner) : IEdgeChannel
    {
        public bool IsCut { get; set; }

        public long Connections => inner.Connections;

        public string Trouble => inner.Trouble;

        public bool TrySend(ReadOnlySpan<byte> frame) => !IsCut && inner.TrySend(frame);

        public bool TryReceive(out ReadOnlySpan<byte> frame)
        {
            frame = default;
            return !IsCut && inner.TryReceive(out frame);
        }

        public void Wait(int timeoutMs) => inner.Wait(timeoutMs);

        public void Dispose() => inner.Dispose();
    }
}
