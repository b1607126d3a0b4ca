using Robotics.Policies;

namespace Robotics.Runtime.Memory;

/// <summary>Takes verified network images out of memory shared with the agent, checks them once more and lays them out for the kernels, so that
/// the control tick only exchanges an index.</summary>
/// <remarks>
/// <para>Beside a real-time loop it runs on a thread of its own (<see cref="Start"/>), which the agent's <see cref="Mailbox.Ring"/> wakes and
/// the control thread outranks; in lockstep the loop's own thread calls <see cref="TryLoad"/>, so that runs repeat. Neither allocates.</para>
/// <para>The time of a load grows with the image (1 ms for 1.5 MB); the time of a swap does not.</para>
/// </remarks>
public sealed class PolicyLoader : IDisposable
{
    private const int WaitMs = 100; // how soon the thread sees that it is to end

    private readonly Mailbox _offers;
    private readonly PolicySlot _slot;
    private readonly byte[] _image = new byte[EdgeMemory.MaxImageBytes];
    private Thread? _thread;
    private long _refused;
    private bool _isDone;

    /// <summary>A loader from <paramref name="offers"/> into <paramref name="slot"/>.</summary>
    public PolicyLoader(Mailbox offers, PolicySlot slot)
    {
        _offers = offers ?? throw new ArgumentNullException(nameof(offers));
        _slot = slot ?? throw new ArgumentNullException(nameof(slot));
        // What lies there was meant for an earlier life of this robot, which may have rolled it back; the agent offers anew to each start.
        offers.Skip();
    }

    /// <summary>Images that were damaged or do not fit the memory set aside. Any thread.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Loads the newest image; false where there is none or it was refused. Loader thread, or the loop's in lockstep.</summary>
    public bool TryLoad()
    {
        int length = _offers.TryTake(_image);
        if (length < 0)
            return false;
        if (_slot.TryOffer(_image.AsSpan(0, length)))
            return true;
        Volatile.Write(ref _refused, _refused + 1);
        return false;
    }

    /// <summary>Loads on a thread of its own from now on. Before the control thread becomes a real-time thread: threads inherit its priority.</summary>
    public void Start()
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = "policy loader" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _isDone, true);
        _thread?.Join();
    }

    private void Serve()
    {
        while (!Volatile.Read(ref _isDone))
        {
            if (!TryLoad())
                _offers.Wait(WaitMs);
        }
    }
}
