#pragma warning disable CS0649 // filled by native code
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary><c>dds_builtintopic_participant_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BuiltinParticipant
{
    public Gid Key;
    public nint Qos;
}
