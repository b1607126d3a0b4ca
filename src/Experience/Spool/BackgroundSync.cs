using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>One thread that waits for the disk, so that the writer need not: takes one order at a time.</summary>
/// <remarks>Orders and results pass through volatile fields of one writer thread and this one; nothing is allocated per order.</remarks>
internal sealed class BackgroundSync : IDisposable
{
    private readonly AutoResetEvent _ordered = new(false);
    private readonly ManualResetEventSlim _idle = new(true);
    private readonly Thread _thread;
    private readonly Action? _beforeSync;
    private SafeFileHandle? _file;
    private long _from, _to;
    private string? _failure;
    private bool _stop;

    public BackgroundSync(Action? beforeSync)
    {
        _beforeSync = beforeSync;
        _thread = new Thread(Work) { IsBackground = true, Name = "spool sync" };
        _thread.Start();
    }

    /// <summary>No order is being worked on; the result of the last one is final.</summary>
    public bool IsIdle => _idle.IsSet;

    /// <summary>What the disk said to the last order; null where it was content.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Offset up to which the page cache was asked to forget the file.</summary>
    public long Forgotten => Volatile.Read(ref _from);

    /// <summary>Orders a sync of <paramref name="file"/>, whose bytes up to <paramref name="to"/> may then leave the page cache; only while idle.</summary>
    public void Begin(SafeFileHandle file, long from, long to)
    {
        _file = file;
        _from = from;
        _to = to;
        _idle.Reset();
        _ordered.Set(); // publishes the order to the thread
    }

    /// <summary>Waits until the order is done: before the file is closed, or synced by the writer itself.</summary>
    public void Finish() => _idle.Wait();

    public void Dispose()
    {
        Finish();
        Volatile.Write(ref _stop, true);
        _ordered.Set();
        _thread.Join();
        _ordered.Dispose();
        _idle.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _ordered.WaitOne();
            if (Volatile.Read(ref _stop))
                return;
            try
            {
                _beforeSync?.Invoke();
                Durable.Sync(_file!);
                Volatile.Write(ref _from, Durable.Forget(_file!, _from, _to));
            }
            catch (IOException e)
            {
                Volatile.Write(ref _failure, e.Message);
            }
            _idle.Set();
        }
    }
}
