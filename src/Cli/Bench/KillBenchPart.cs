using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>The processes of `bench kill`. Each runs until it is killed.</summary>
internal sealed class KillBenchPart : ITransitionSink
{
    private const int RecordsPerBurst = 10;
    private const int BurstMs = 5; // 2,000 records per second: twenty times a policy at 100 Hz
    private const ulong Robot = 1;
    private static readonly TransitionSchema Schema = new("bench-kill", 1, 32, 0, 8, 0);

    private KillBenchPart() { }

    /// <summary>Runs a part.</summary>
    /// <param name="part">control, agent or learner.</param>
    /// <param name="folder">What they share.</param>
    /// <param name="argument">The boot of control, the endpoint of the others.</param>
    /// <param name="seed">For the faults on the agent's link.</param>
    public static int Run(string part, string folder, string argument, ulong seed)
    {
        switch (part)
        {
            case "control":
                return Control(folder, ulong.Parse(argument));
            case "agent":
                return Agent(folder, argument, seed);
            case "learner":
                return Learner(folder, argument);
            default:
                return ExitCode.Usage;
        }
    }

    /// <inheritdoc/>
    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) { }

    private static int Control(string folder, ulong boot)
    {
        using var memory = new KillBenchMemory(folder);
        using var never = new ManualResetEvent(false);
        var record = new TransitionRecord(Schema);
        ulong sequence = 0;
        while (!never.WaitOne(BurstMs))
        {
            for (int i = 0; i < RecordsPerBurst; i++)
            {
                record.Identity = new TransitionIdentity(Robot, boot, sequence + 1);
                record.Frame[0] = sequence;
                if (!memory.Ring.TryReserve(Schema.FinalRecordLength, out Span<byte> frame))
                    break; // not recorded: the number is not used up
                memory.Ring.Commit(TransitionCodec.Encode(record, frame));
                memory.SetRecorded(boot, ++sequence);
            }
        }
        return ExitCode.Ok;
    }

    private static int Agent(string folder, string endpoint, ulong seed)
    {
        using var memory = new KillBenchMemory(folder);
        (CurveKeyPair keys, string learnerKey) = LinkKeys.LoadEdge(Path.Combine(folder, "keys"), Robot);
        using var channel = new FaultyEdgeChannel(() => new ZmqEdgeChannel(endpoint, keys, learnerKey), new SeededRandom(seed, "link faults"));
        // Where nothing is recorded any more, what earlier boots left is still sent: boot 0 never records.
        using var agent = new ExperienceAgent(memory.Ring, Path.Combine(folder, "spool"), Schema, Disk(memory), channel,
            new EdgeLinkOptions { ResendNs = 500_000_000, SilenceNs = 1_000_000_000 });
        agent.Open(new SpoolStream(Robot, 0));
        ulong acknowledged = 0;
        ulong boot = 0;
        while (true)
        {
            int taken = agent.Pump(MonotonicClock.Instance.NowNs);
            if (agent.Spool!.Stream.Boot != boot)
                (boot, acknowledged) = (agent.Spool.Stream.Boot, 0);
            if (agent.Link!.Acknowledged > acknowledged)
            {
                acknowledged = agent.Link.Acknowledged;
                memory.Acknowledgements++;
            }
            memory.IsDrained = agent.IsDrained;
            if (taken == 0)
                channel.Wait(1);
        }
    }

    private static SpoolOptions Disk(KillBenchMemory memory) => new()
    {
        SegmentBytes = 1 << 20,
        SyncInBackground = true,
        BeforeSync = () => WaitForDisk(memory.SlowDiskMs),
    };

    // A slow disk lets its caller wait and nobody else; an event that nobody sets does the same.
    private static void WaitForDisk(int milliseconds)
    {
        using var never = new ManualResetEvent(false);
        if (milliseconds > 0)
            never.WaitOne(milliseconds);
    }

    private static int Learner(string folder, string endpoint)
    {
        (CurveKeyPair keys, IReadOnlyDictionary<string, string> allowed) = LinkKeys.LoadLearner(Path.Combine(folder, "keys"));
        using var channel = new ZmqLearnerChannel(endpoint, keys, allowed);
        using var memory = new KillBenchMemory(folder);
        using var store = new ExperienceStore(Path.Combine(folder, "store"), Disk(memory) with { CommitIntervalNs = 20_000_000 });
        var learner = new LearnerEndpoint(channel, store, new KillBenchPart(), new LearnerEndpointOptions { Schema = Schema });
        while (true)
            learner.Poll(MonotonicClock.Instance.NowNs, 10);
    }
}
