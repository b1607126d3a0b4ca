using System.Globalization;
using Robotics.Core;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Bench;

/// <summary>A thread that allocates 60 MB/s of linked nodes and keeps 20 MB of them alive: the load under which a shared process stands still.</summary>
internal sealed class Garbage(CancellationToken cancellation)
{
    private const int LiveBytes = 24_000_000; // over the 20 MB asked for
    private const int NodeBytes = 280; // header and method table 16, reference 8, array reference 8, array of 224 with its header 24
    private const long BytesPerMs = 60_000; // over the 40 MB/s asked for, since sleeping overshoots
    private readonly Node[] _live = new Node[LiveBytes / NodeBytes];
    private long _startNs;
    private long _startBytes;

    public void Start()
    {
        var random = new SeededRandom(1, "garbage");
        for (int i = 0; i < _live.Length; i++)
            _live[i] = new Node(i == 0 ? null : _live[random.NextInt(i)]);
        _startNs = MonotonicClock.Instance.NowNs;
        _startBytes = GC.GetTotalAllocatedBytes();
        new Thread(() => Allocate(random)) { IsBackground = true, Name = "garbage" }.Start();
    }

    public string Report()
    {
        double seconds = (MonotonicClock.Instance.NowNs - _startNs) * 1e-9;
        double rate = (GC.GetTotalAllocatedBytes() - _startBytes) / 1e6 / seconds;
        return string.Create(CultureInfo.InvariantCulture, $"{rate:F1} {_live.Length * (double)NodeBytes / 1e6:F1} {GC.CollectionCount(0)}");
    }

    private void Allocate(SeededRandom random)
    {
        long made = 0;
        while (!cancellation.IsCancellationRequested)
        {
            long wanted = (MonotonicClock.Instance.NowNs - _startNs) / 1_000_000 * BytesPerMs;
            for (; made < wanted; made += NodeBytes)
            {
                int i = random.NextInt(_live.Length);
                _live[i] = new Node(_live[random.NextInt(_live.Length)].Cut()); // chains of two: the live set stays as it is
            }
            LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + 1_000_000);
        }
    }

    private sealed class Node(Node? next)
    {
        private readonly byte[] _payload = new byte[224];
        private Node? _next = next;

        public Node Cut()
        {
            _payload[0]++;
            _next = null;
            return this;
        }
    }
}
