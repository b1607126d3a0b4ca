#pragma warning disable CS0649 // laid out for native code; the fields left at zero are meant to be zero
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary><c>dds_topic_descriptor_t</c>. The two type-meta pairs are padded to 16 bytes each, so the last field sits at 88.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal unsafe struct TopicDescriptor
{
    [FieldOffset(0)]
    public uint Size;

    [FieldOffset(4)]
    public uint Align;

    [FieldOffset(8)]
    public uint Flags;

    [FieldOffset(16)]
    public byte* TypeName;

    [FieldOffset(32)]
    public uint OpCount;

    [FieldOffset(40)]
    public uint* Ops;

    [FieldOffset(88)]
    public uint RestrictDataRepresentation;
}
