using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary><c>ddsrt_iovec_t</c> of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVec
{
    public void* Base;
    public nuint Length;
}
