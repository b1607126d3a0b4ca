using System.Text;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>One DDS topic that carries CDR as bytes, whatever its type is.</summary>
/// <remarks>
/// Its descriptor declares a single octet: Cyclone checks that octet, keeps the whole payload and asks for no key, so one three-word
/// program serves every message type and no code of ours runs on a DDS thread. Proved at start by <see cref="DdsSelfCheck"/>.
/// Never write or take such a topic through the typed calls (dds_write, dds_take).
/// </remarks>
internal sealed unsafe class DdsTopic
{
    private const uint OneOctetOp = 0x01000000u | (0x01u << 16); // DDS_OP_ADR | DDS_OP_TYPE_1BY, then offset 0, then DDS_OP_RTS
    private const uint FlagRestrictDataRepresentation = 1u << 7; // DDS_TOPIC_RESTRICT_DATA_REPRESENTATION
    private const uint Xcdr1 = 1; // DDS_DATA_REPRESENTATION_FLAG_XCDR1, as rmw_cyclonedds announces

    public DdsTopic(int participant, string name, string typeName)
    {
        Name = name;
        TypeName = typeName;
        byte[] type = Encoding.UTF8.GetBytes(typeName + "\0");
        uint* ops = stackalloc uint[3] { OneOctetOp, 0, 0 };
        fixed (byte* t = type)
        {
            var descriptor = new TopicDescriptor
            {
                Size = 1,
                Align = 1,
                Flags = FlagRestrictDataRepresentation,
                TypeName = t,
                OpCount = 3,
                Ops = ops,
                RestrictDataRepresentation = Xcdr1,
            };
            Handle = DdsException.Check(
                DdsNative.dds_create_topic(participant, &descriptor, name, 0, 0), $"topic {name} of type {typeName}");
        }
    }

    public int Handle { get; }

    public string Name { get; }

    public string TypeName { get; }
}
