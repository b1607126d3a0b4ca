using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>A DDS writer of CDR bytes. Safe from any thread; a reliable writer may block while a slow reader holds it up.</summary>
/// <remarks>
/// dds_writecdr takes a sample object; where it belongs to another sample type, Cyclone asks it for its bytes on the calling thread and
/// copies them. That foreign object is a 256-byte block of ours with four callbacks (size, borrow, return, free).
/// </remarks>
internal sealed unsafe class DdsWriter : IDisposable
{
    private const int BlockBytes = 256; // sizeof(ddsi_serdata) is 56 to 72; our own two fields follow at 128
    private const int KindOffset = 16;
    private const int ReferenceCountOffset = 12;
    private const int TypeOffset = 24;
    private const int BytesOffset = 128;
    private const int LengthOffset = 136;
    private const int KindData = 2; // SDK_DATA
    private static readonly nint* s_serdataOps = MakeSerdataOps();
    private static readonly nint* s_sertypeOps = MakeSertypeOps();
    private readonly Lock _gate = new();
    private readonly byte* _serdata;
    private readonly byte* _sertype;
    private bool _disposed;

    public DdsWriter(int publisher, DdsTopic topic, QosProfile qos, string userData, bool ignoreLocal = false)
    {
        nint native = qos.ToNative(userData, ignoreLocal);
        Handle = DdsNative.dds_create_writer(publisher, topic.Handle, native, 0);
        DdsNative.dds_delete_qos(native);
        DdsException.Check(Handle, $"writer of {topic.Name}");
        Gid gid;
        DdsException.Check(DdsNative.dds_get_guid(Handle, &gid), $"guid of the writer of {topic.Name}");
        Gid = gid;
        _sertype = (byte*)NativeMemory.AllocZeroed(BlockBytes);
        *(nint**)_sertype = s_sertypeOps;
        _serdata = (byte*)NativeMemory.AllocZeroed(BlockBytes);
        *(nint**)_serdata = s_serdataOps;
        *(int*)(_serdata + KindOffset) = KindData;
        *(byte**)(_serdata + TypeOffset) = _sertype;
    }

    public int Handle { get; }

    public Gid Gid { get; }

    /// <summary>Number of readers it is connected to (at most 64 are counted).</summary>
    public int MatchedReaders
    {
        get
        {
            ulong* handles = stackalloc ulong[64];
            return Math.Max(0, DdsNative.dds_get_matched_subscriptions(Handle, handles, 64));
        }
    }

    /// <summary>Sends <paramref name="cdr"/> (with its encapsulation header). Does not allocate.</summary>
    /// <returns>0, or a negative DDS return code.</returns>
    public int Write(ReadOnlySpan<byte> cdr)
    {
        lock (_gate)
        {
            if (_disposed)
                return -1;
            fixed (byte* p = cdr)
            {
                *(uint*)(_serdata + ReferenceCountOffset) = 1; // dds_writecdr consumes it
                *(byte**)(_serdata + BytesOffset) = p;
                *(uint*)(_serdata + LengthOffset) = (uint)cdr.Length;
                return DdsNative.dds_writecdr(Handle, (nint)_serdata);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            DdsNative.dds_delete(Handle);
            NativeMemory.Free(_serdata);
            NativeMemory.Free(_sertype);
        }
    }

    private static nint* MakeSerdataOps()
    {
        var ops = (nint*)NativeMemory.AllocZeroed(17 * (nuint)sizeof(nint)); // struct ddsi_serdata_ops, SHM build
        ops[1] = (nint)(delegate* unmanaged[Cdecl]<byte*, uint>)&GetSize;
        ops[7] = (nint)(delegate* unmanaged[Cdecl]<byte*, nuint, nuint, IoVec*, byte*>)&Borrow;
        ops[8] = (nint)(delegate* unmanaged[Cdecl]<byte*, IoVec*, void>)&Return;
        ops[12] = (nint)(delegate* unmanaged[Cdecl]<byte*, void>)&Free;
        return ops;
    }

    private static nint* MakeSertypeOps()
    {
        var ops = (nint*)NativeMemory.AllocZeroed(14 * (nuint)sizeof(nint)); // struct ddsi_sertype_ops; [0] is the version
        ops[0] = NativeLibrary.GetExport(DdsLibrary.Load(), "ddsi_sertype_v0");
        return ops;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint GetSize(byte* serdata) => *(uint*)(serdata + LengthOffset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Borrow(byte* serdata, nuint offset, nuint size, IoVec* bytes)
    {
        bytes->Base = *(byte**)(serdata + BytesOffset) + offset;
        bytes->Length = size;
        return serdata;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Return(byte* serdata, IoVec* bytes) { }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(byte* serdata) { }
}
