using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>The learner of the swap benchmark: a real endpoint behind a real socket, on a thread of its own, that publishes to a schedule.</summary>
internal sealed class SwapLearner : ITransitionSink, IDisposable
{
    private readonly ZmqLearnerChannel _channel = new("tcp://127.0.0.1:*", null, null);
    private readonly ExperienceStore _store;
    private readonly LearnerEndpoint _endpoint;
    private readonly Thread _thread;
    private readonly Queue<Publication> _due = new();
    private bool _isDone;

    public SwapLearner(string folder)
    {
        _store = new ExperienceStore(folder);
        _endpoint = new LearnerEndpoint(_channel, _store, this, new LearnerEndpointOptions { Run = 1 });
        _thread = new Thread(Serve) { Name = "learner" };
        _thread.Start();
    }

    public string Endpoint => _channel.Endpoint;

    /// <summary>Publications that went out.</summary>
    public int Published { get; private set; }

    /// <summary>Puts a bundle on the schedule; in order of their times.</summary>
    public void PublishAt(long timeNs, PolicyBundle bundle, Action<long> wentOut)
    {
        lock (_due)
            _due.Enqueue(new Publication(timeNs, bundle, wentOut));
    }

    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) { }

    public void Dispose()
    {
        Volatile.Write(ref _isDone, true);
        _thread.Join();
        _store.Dispose();
        _channel.Dispose();
    }

    private void Serve()
    {
        while (!Volatile.Read(ref _isDone))
        {
            _endpoint.Poll(MonotonicClock.Instance.NowNs, waitMs: 1);
            if (!TryNext(out Publication? next))
                continue;
            next!.WentOut(MonotonicClock.Instance.NowNs);
            _endpoint.Publish(next.Bundle);
            Published++;
        }
    }

    private bool TryNext(out Publication? next)
    {
        lock (_due)
            return _due.TryPeek(out next) && next.TimeNs <= MonotonicClock.Instance.NowNs && _due.TryDequeue(out next);
    }

    private sealed record Publication(long TimeNs, PolicyBundle Bundle, Action<long> WentOut);
}
