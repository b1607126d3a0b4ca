namespace Robotics.Learner.Kernels;

/// <summary>A few threads that run one piece of work together and wait for each other: the split of a training update over cores.</summary>
/// <remarks>Between updates the helpers spin for some microseconds and then sleep, so an idle learner costs nothing.
/// <see cref="Run"/> is called from one thread.</remarks>
public sealed class ThreadTeam : IDisposable
{
    private const int Spins = 2047; // the most ManualResetEventSlim takes; about 40 us, the length of a stage
    private readonly ManualResetEventSlim[] _start;
    private readonly ManualResetEventSlim[] _done;
    private Action<int> _work = static _ => { };
    private Exception? _failure;
    private volatile bool _stopping;

    /// <summary>The caller's thread and <paramref name="size"/> - 1 helpers.</summary>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _start = [.. Enumerable.Range(1, size - 1).Select(_ => new ManualResetEventSlim(false, Spins))];
        _done = [.. Enumerable.Range(1, size - 1).Select(_ => new ManualResetEventSlim(false, Spins))];
        for (int i = 1; i < size; i++)
        {
            int member = i;
            new Thread(() => Help(member)) { IsBackground = true, Name = $"learner {member}" }.Start();
        }
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Size { get; }

    /// <summary>Runs <paramref name="work"/>(member) on every member, 0 on the caller's thread, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _work = work;
        foreach (ManualResetEventSlim start in _start)
            start.Set();
        try
        {
            work(0);
        }
        finally
        {
            foreach (ManualResetEventSlim done in _done)
            {
                done.Wait();
                done.Reset();
            }
        }
        if (_failure is { } failure)
            throw new InvalidOperationException("a helper thread of the learner failed", failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        foreach (ManualResetEventSlim start in _start)
            start.Set();
    }

    private void Help(int member)
    {
        while (true)
        {
            _start[member - 1].Wait();
            _start[member - 1].Reset();
            if (_stopping)
                return;
            try
            {
                _work(member);
            }
#pragma warning disable CA1031 // carried to the caller's thread, which throws it
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = e;
            }
            _done[member - 1].Set();
        }
    }
}
