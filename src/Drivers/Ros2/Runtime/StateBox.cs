namespace Robotics.Drivers.Ros2;

/// <summary>The newest value of a struct, from one writer to one reader, without a lock.</summary>
internal sealed class StateBox<T>
    where T : unmanaged
{
    private T _value;
    private long _version; // odd while being written

    public void Put(in T value)
    {
        long version = _version;
        Volatile.Write(ref _version, version + 1);
        Thread.MemoryBarrier();
        _value = value;
        Volatile.Write(ref _version, version + 2);
    }

    public bool TryGet(out T value)
    {
        while (true) // ends: the writer writes for nanoseconds, once per tick
        {
            long before = Volatile.Read(ref _version);
            value = _value;
            Thread.MemoryBarrier();
            if ((before & 1) == 0 && Volatile.Read(ref _version) == before)
                return before != 0;
        }
    }
}
