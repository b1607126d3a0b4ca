using System.Collections.Concurrent;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>A thread that waits for samples and hands them out. No managed code ever runs on a thread of DDS.</summary>
internal sealed unsafe class DdsReceiver : IDisposable
{
    private const int MaxReady = 64; // entities reported per wait; others are reported by the next
    private readonly ConcurrentDictionary<nint, Action> _drains = new();
    private readonly int _waitset;
    private readonly int _guard;
    private readonly Thread _thread;
    private int _nextToken;
    private long _failures;
    private volatile bool _stopping;

    public DdsReceiver(int participant, string name)
    {
        _waitset = DdsException.Check(DdsNative.dds_create_waitset(participant), "waitset");
        _guard = DdsException.Check(DdsNative.dds_create_guardcondition(participant), "guard condition");
        DdsException.Check(DdsNative.dds_waitset_attach(_waitset, _guard, 0), "attaching the guard condition");
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Exceptions thrown by handlers. They are ours or the user's mistakes; the thread goes on.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The last of them.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Calls <paramref name="drain"/> on the receiving thread whenever <paramref name="reader"/> has samples.</summary>
    /// <returns>A token for <see cref="Detach"/>.</returns>
    public nint Attach(int reader, Action drain)
    {
        nint token = Interlocked.Increment(ref _nextToken);
        _drains[token] = drain;
        DdsException.Check(DdsNative.dds_set_status_mask(reader, DdsNative.StatusDataAvailable), "status mask of a reader");
        DdsException.Check(DdsNative.dds_waitset_attach(_waitset, reader, token), "attaching a reader");
        return token;
    }

    /// <summary>Stops calling. A call that is under way may still finish: the drain itself must check.</summary>
    public void Detach(int reader, nint token)
    {
        DdsNative.dds_waitset_detach(_waitset, reader);
        _drains.TryRemove(token, out _);
    }

    public void Dispose()
    {
        _stopping = true;
        DdsNative.dds_set_guardcondition(_guard, 1);
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        nint* ready = stackalloc nint[MaxReady];
        while (!_stopping)
        {
            int count = DdsNative.dds_waitset_wait(_waitset, ready, MaxReady, DdsNative.Infinite);
            if (count < 0)
                return; // the participant was deleted
            for (int i = 0; i < Math.Min(count, MaxReady) && !_stopping; i++)
            {
                if (_drains.TryGetValue(ready[i], out Action? drain))
                    Call(drain);
            }
        }
    }

    private void Call(Action drain)
    {
        try
        {
            drain();
        }
#pragma warning disable CA1031 // one handler's mistake must not silence every other topic; it is counted and shown
        catch (Exception e)
        {
            Interlocked.Increment(ref _failures);
            LastFailure = e;
        }
#pragma warning restore CA1031
    }
}
