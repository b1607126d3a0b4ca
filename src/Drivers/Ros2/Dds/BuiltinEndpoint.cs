#pragma warning disable CS0649 // filled by native code
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary><c>dds_builtintopic_endpoint_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BuiltinEndpoint
{
    public Gid Key;
    public Gid ParticipantKey;
    public ulong ParticipantHandle;
    public byte* TopicName;
    public byte* TypeName;
    public nint Qos;
}
