#pragma warning disable CA1838, SYSLIB1054
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Cyclone DDS 0.10/11 C API as far as it is used. Entities are positive ints; negative returns are errors.</summary>
/// <remarks>The signatures are those of <c>dds/dds.h</c> and <c>dds/ddsi/ddsi_serdata.h</c> of 0.10.2. The three calls per sample that only
/// look at it and can neither block nor free it go without a transition of the garbage collector.</remarks>
internal static unsafe partial class DdsNative
{
    public const string Library = "robotics-ddsc"; // resolved by DdsLibrary
    public const int BuiltinParticipant = 0x7fff0001;
    public const int BuiltinPublication = 0x7fff0003;
    public const int BuiltinSubscription = 0x7fff0004;
    public const uint AnyState = 127;
    public const uint InstanceAlive = 16;
    public const uint StatusDataAvailable = 1u << 8;
    public const long Infinite = long.MaxValue;
    public const int PreconditionNotMet = -4;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dds_create_domain(uint id, string config);

    [LibraryImport(Library)]
    public static partial int dds_create_participant(uint domain, nint qos, nint listener);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dds_create_topic(int participant, TopicDescriptor* descriptor, string name, nint qos, nint listener);

    [LibraryImport(Library)]
    public static partial int dds_create_publisher(int participant, nint qos, nint listener);

    [LibraryImport(Library)]
    public static partial int dds_create_subscriber(int participant, nint qos, nint listener);

    [LibraryImport(Library)]
    public static partial int dds_create_writer(int publisher, int topic, nint qos, nint listener);

    [LibraryImport(Library)]
    public static partial int dds_create_reader(int subscriber, int topic, nint qos, nint listener);

    [LibraryImport(Library)]
    public static partial int dds_delete(int entity);

    [LibraryImport(Library)]
    public static partial int dds_get_guid(int entity, Gid* guid);

    [LibraryImport(Library)]
    public static partial int dds_get_instance_handle(int entity, ulong* handle);

    [LibraryImport(Library)]
    public static partial nint dds_create_qos();

    [LibraryImport(Library)]
    public static partial void dds_delete_qos(nint qos);

    [LibraryImport(Library)]
    public static partial void dds_qset_reliability(nint qos, int kind, long maxBlockingNs);

    [LibraryImport(Library)]
    public static partial void dds_qset_history(nint qos, int kind, int depth);

    [LibraryImport(Library)]
    public static partial void dds_qset_durability(nint qos, int kind);

    [LibraryImport(Library)]
    public static partial void dds_qset_durability_service(
        nint qos, long cleanupDelayNs, int historyKind, int historyDepth, int maxSamples, int maxInstances, int maxSamplesPerInstance);

    [LibraryImport(Library)]
    public static partial void dds_qset_userdata(nint qos, void* value, nuint size);

    [LibraryImport(Library)]
    public static partial byte dds_qget_userdata(nint qos, void** value, nuint* size);

    [LibraryImport(Library)]
    public static partial byte dds_qget_reliability(nint qos, int* kind, long* maxBlockingNs);

    [LibraryImport(Library)]
    public static partial byte dds_qget_durability(nint qos, int* kind);

    [LibraryImport(Library)]
    public static partial void dds_qset_writer_data_lifecycle(nint qos, byte autodispose);

    [LibraryImport(Library)]
    public static partial void dds_qset_ignorelocal(nint qos, int kind);

    [LibraryImport(Library)]
    public static partial void dds_qset_liveliness(nint qos, int kind, long leaseNs);

    [LibraryImport(Library)]
    public static partial void dds_qset_deadline(nint qos, long deadlineNs);

    [LibraryImport(Library)]
    public static partial void dds_qset_lifespan(nint qos, long lifespanNs);

    [LibraryImport(Library)]
    public static partial void dds_qset_resource_limits(nint qos, int maxSamples, int maxInstances, int maxSamplesPerInstance);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void dds_qset_partition1(nint qos, string name);

    [LibraryImport(Library)]
    public static partial void dds_free(void* memory);

    [LibraryImport(Library)]
    public static partial int dds_writecdr(int writer, nint serdata);

    [LibraryImport(Library)]
    public static partial int dds_takecdr(int reader, nint* serdata, uint count, SampleInfo* infos, uint mask);

    [LibraryImport(Library)]
    public static partial int dds_take(int reader, void** samples, SampleInfo* infos, nuint size, uint count);

    [LibraryImport(Library)]
    public static partial int dds_return_loan(int reader, void** samples, int count);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial uint ddsi_serdata_size(nint serdata);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial nint ddsi_serdata_to_ser_ref(nint serdata, nuint offset, nuint size, IoVec* bytes);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial void ddsi_serdata_to_ser_unref(nint serdata, IoVec* bytes);

    [LibraryImport(Library)]
    public static partial void ddsi_serdata_unref(nint serdata);

    [LibraryImport(Library)]
    public static partial int dds_create_waitset(int participant);

    [LibraryImport(Library)]
    public static partial int dds_waitset_attach(int waitset, int entity, nint token);

    [LibraryImport(Library)]
    public static partial int dds_waitset_detach(int waitset, int entity);

    [LibraryImport(Library)]
    public static partial int dds_waitset_wait(int waitset, nint* tokens, nuint count, long timeoutNs);

    [LibraryImport(Library)]
    public static partial int dds_create_guardcondition(int participant);

    [LibraryImport(Library)]
    public static partial int dds_set_guardcondition(int guard, byte triggered);

    [LibraryImport(Library)]
    public static partial int dds_take_guardcondition(int guard, byte* triggered);

    [LibraryImport(Library)]
    public static partial int dds_set_status_mask(int entity, uint mask);

    [LibraryImport(Library)]
    public static partial int dds_get_matched_subscriptions(int writer, ulong* handles, nuint count);

    [LibraryImport(Library)]
    public static partial int dds_get_matched_publications(int reader, ulong* handles, nuint count);

    [LibraryImport(Library)]
    public static partial BuiltinEndpoint* dds_get_matched_subscription_data(int writer, ulong handle);

    [LibraryImport(Library)]
    public static partial BuiltinEndpoint* dds_get_matched_publication_data(int reader, ulong handle);

    [LibraryImport(Library)]
    public static partial void dds_builtintopic_free_endpoint(BuiltinEndpoint* endpoint);

    [LibraryImport(Library)]
    public static partial nint dds_strretcode(int code);
}
