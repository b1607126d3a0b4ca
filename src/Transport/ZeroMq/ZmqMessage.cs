namespace Robotics.Transport;

/// <summary>One received frame in libzmq's own memory; reused for all frames, so that receiving allocates nothing here.</summary>
/// <remarks>One thread. Its bytes are valid until the next receive into it.</remarks>
public sealed unsafe class ZmqMessage : IDisposable
{
    private readonly ulong[] _storage = GC.AllocateArray<ulong>(Native.MessageSize / sizeof(ulong), pinned: true);
    private bool _open;

    /// <summary>An empty frame.</summary>
    public ZmqMessage() => Reset();

    /// <summary>The frame's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => new(Native.zmq_msg_data(Handle), (int)Math.Min((nuint)int.MaxValue, Native.zmq_msg_size(Handle)));

    /// <summary>True where the frame is followed by another one of the same message.</summary>
    public bool More => Native.zmq_msg_more(Handle) != 0;

    internal void* Handle => System.Runtime.CompilerServices.Unsafe.AsPointer(ref _storage[0]);

    /// <summary>Who sent it, as the authenticator named the key; empty where there is no authentication.</summary>
    /// <remarks>Valid until the next receive. UTF-8.</remarks>
    public ReadOnlySpan<byte> UserId
    {
        get
        {
            fixed (byte* name = "User-Id\0"u8)
            {
                byte* value = Native.zmq_msg_gets(Handle, name);
                return value is null ? default : System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value);
            }
        }
    }

    /// <summary>Gives the frame's memory back.</summary>
    public void Dispose()
    {
        if (_open)
            Native.zmq_msg_close(Handle);
        _open = false;
    }

    internal void Reset()
    {
        if (_open)
            Native.zmq_msg_close(Handle);
        Native.zmq_msg_init(Handle);
        _open = true;
    }
}
