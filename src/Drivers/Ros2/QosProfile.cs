using System.Text;
using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Quality of service of a publisher or a subscription: what of <c>rmw_qos_profile_t</c> robots use.</summary>
/// <param name="Reliable">True to retransmit what was lost. A reliable subscription does not match a best-effort publisher.</param>
/// <param name="TransientLocal">True to hand the last samples to subscriptions that come later.</param>
/// <param name="Depth">Samples kept; 0 keeps all.</param>
/// <param name="DeadlineNs">Promised or demanded period, ns; 0 for none.</param>
/// <param name="LifespanNs">Age at which a sample is dropped, ns; 0 for never.</param>
/// <param name="MaxBlockingNs">Longest time a reliable write may wait for a slow reader, ns; 0 for as long as it takes, as ROS does.</param>
public sealed record QosProfile(
    bool Reliable = true,
    bool TransientLocal = false,
    int Depth = 10,
    long DeadlineNs = 0,
    long LifespanNs = 0,
    long MaxBlockingNs = 0
)
{
    // Values: rmw/include/rmw/qos_profiles.h, rcl/include/rcl/logging_rosout.h (Jazzy).

    /// <summary>Reliable, last 10.</summary>
    public static QosProfile Default { get; } = new();

    /// <summary>Best effort, last 5.</summary>
    public static QosProfile SensorData { get; } = new(Reliable: false, Depth: 5);

    /// <summary>Reliable, last 10.</summary>
    public static QosProfile Services { get; } = new();

    /// <summary>Reliable, last 1000.</summary>
    public static QosProfile Parameters { get; } = new(Depth: 1000);

    /// <summary>Reliable, last 1, kept for late subscribers: state that changes seldom.</summary>
    public static QosProfile Latched { get; } = new(TransientLocal: true, Depth: 1);

    /// <summary>Reliable, last 1: actuator commands, where only the newest counts.</summary>
    public static QosProfile Command { get; } = new(Depth: 1);

    /// <summary>Best effort, last 1: actuator commands at high rates.</summary>
    public static QosProfile CommandBestEffort { get; } = new(Reliable: false, Depth: 1);

    /// <summary>Reliable, all kept.</summary>
    public static QosProfile KeepAll { get; } = new(Depth: 0);

    /// <summary>Names that configuration files may use.</summary>
    public static IReadOnlyDictionary<string, QosProfile> ByName { get; } =
        new Dictionary<string, QosProfile>(StringComparer.Ordinal)
        {
            ["default"] = Default,
            ["sensor_data"] = SensorData,
            ["services"] = Services,
            ["parameters"] = Parameters,
            ["latched"] = Latched,
            ["command"] = Command,
            ["command_best_effort"] = CommandBestEffort,
            ["keep_all"] = KeepAll,
        };

    // As create_readwrite_qos of rmw_cyclonedds_cpp does it. The caller deletes the result.
    internal unsafe nint ToNative(string userData, bool ignoreLocal)
    {
        nint q = DdsNative.dds_create_qos();
        (int kind, int depth) = Depth == 0 ? (1, -1) : (0, Depth);
        DdsNative.dds_qset_writer_data_lifecycle(q, 0);
        DdsNative.dds_qset_history(q, kind, depth);
        long blocking = MaxBlockingNs == 0 ? DdsNative.Infinite : MaxBlockingNs;
        DdsNative.dds_qset_reliability(q, Reliable ? 1 : 0, Reliable ? blocking : 0);
        DdsNative.dds_qset_durability(q, TransientLocal ? 1 : 0);
        if (TransientLocal)
            DdsNative.dds_qset_durability_service(q, 0, kind, depth, -1, -1, -1);
        DdsNative.dds_qset_liveliness(q, 0, DdsNative.Infinite);
        if (DeadlineNs > 0)
            DdsNative.dds_qset_deadline(q, DeadlineNs);
        if (LifespanNs > 0)
            DdsNative.dds_qset_lifespan(q, LifespanNs);
        if (ignoreLocal)
            DdsNative.dds_qset_ignorelocal(q, 1);
        byte[] data = Encoding.UTF8.GetBytes(userData);
        fixed (byte* p = data)
        {
            if (data.Length > 0)
                DdsNative.dds_qset_userdata(q, p, (nuint)data.Length);
        }
        return q;
    }
}
