namespace Robotics.Drivers.Ros2.Dds;

/// <summary>A DDS reader of CDR bytes. Taking is for one thread at a time.</summary>
internal sealed unsafe class DdsReader : IDisposable
{
    private const int Batch = 32; // samples per native call; the rest is taken by the next
    private bool _disposed;

    public DdsReader(int subscriber, DdsTopic topic, QosProfile qos, string userData, bool ignoreLocal = false)
    {
        nint native = qos.ToNative(userData, ignoreLocal);
        Handle = DdsNative.dds_create_reader(subscriber, topic.Handle, native, 0);
        DdsNative.dds_delete_qos(native);
        DdsException.Check(Handle, $"reader of {topic.Name}");
        Gid gid;
        DdsException.Check(DdsNative.dds_get_guid(Handle, &gid), $"guid of the reader of {topic.Name}");
        Gid = gid;
    }

    public int Handle { get; }

    public Gid Gid { get; }

    /// <summary>Number of writers it is connected to (at most 64 are counted).</summary>
    public int MatchedWriters
    {
        get
        {
            ulong* handles = stackalloc ulong[64];
            return Math.Max(0, DdsNative.dds_get_matched_publications(Handle, handles, 64));
        }
    }

    /// <summary>Hands all waiting samples to <paramref name="sink"/>. Does not allocate.</summary>
    /// <returns>Number of samples with data.</returns>
    public int Take(ISampleSink sink)
    {
        nint* serdata = stackalloc nint[Batch];
        SampleInfo* infos = stackalloc SampleInfo[Batch];
        int total = 0;
        int taken;
        do
        {
            taken = DdsNative.dds_takecdr(Handle, serdata, Batch, infos, DdsNative.AnyState);
            for (int i = 0; i < taken; i++)
            {
                if (infos[i].HasData)
                {
                    total++;
                    HandOver(sink, serdata[i], in infos[i]);
                }
                DdsNative.ddsi_serdata_unref(serdata[i]);
            }
        } while (taken == Batch);
        return total;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        DdsNative.dds_delete(Handle);
    }

    private static void HandOver(ISampleSink sink, nint serdata, in SampleInfo info)
    {
        uint size = DdsNative.ddsi_serdata_size(serdata);
        if (size > int.MaxValue)
            return;
        IoVec bytes;
        DdsNative.ddsi_serdata_to_ser_ref(serdata, 0, size, &bytes);
        try
        {
            sink.OnSample(new ReadOnlySpan<byte>(bytes.Base, (int)size), in info);
        }
        finally
        {
            DdsNative.ddsi_serdata_to_ser_unref(serdata, &bytes);
        }
    }
}
