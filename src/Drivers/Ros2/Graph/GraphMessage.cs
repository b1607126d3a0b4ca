using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads <c>rmw_dds_common/msg/ParticipantEntitiesInfo</c> in both of its layouts (16- and 24-byte GIDs).</summary>
internal static class GraphMessage
{
    private const int MaxNodes = 256; // per participant
    private const int MaxEndpoints = 4096; // per node

    /// <summary>Nodes of a participant, or null where the bytes fit neither layout.</summary>
    public static (Gid Participant, List<GraphNode> Nodes, int GidBytes)? TryRead(ReadOnlySpan<byte> cdr)
    {
        foreach (int gidBytes in (ReadOnlySpan<int>)[16, 24])
        {
            var reader = new CdrReader(cdr);
            var nodes = new List<GraphNode>();
            if (TryRead(ref reader, gidBytes, nodes, out Gid participant) && reader.Remaining < 4) // writers pad to 4
                return (participant, nodes, gidBytes);
        }
        return null;
    }

    private static bool TryRead(ref CdrReader reader, int gidBytes, List<GraphNode> nodes, out Gid participant)
    {
        participant = ReadGid(ref reader, gidBytes);
        int count = reader.ReadCount(16, MaxNodes); // two empty texts and two empty sequences
        for (int i = 0; i < count && reader.Ok; i++)
        {
            string nodeNamespace = "";
            string name = "";
            reader.ReadString(ref nodeNamespace, 256);
            reader.ReadString(ref name, 256);
            Gid[] readers = ReadGids(ref reader, gidBytes);
            Gid[] writers = ReadGids(ref reader, gidBytes);
            if (nodeNamespace.Length == 0 || nodeNamespace[0] != '/')
                return false; // also tells the two layouts apart
            nodes.Add(new GraphNode(participant, nodeNamespace, name, readers, writers));
        }
        return reader.Ok;
    }

    private static Gid[] ReadGids(ref CdrReader reader, int gidBytes)
    {
        var gids = new Gid[reader.ReadCount(gidBytes, MaxEndpoints)];
        for (int i = 0; i < gids.Length; i++)
            gids[i] = ReadGid(ref reader, gidBytes);
        return gids;
    }

    private static Gid ReadGid(ref CdrReader reader, int gidBytes)
    {
        Span<byte> bytes = stackalloc byte[24];
        bytes.Clear();
        reader.ReadFixed(bytes[..gidBytes]);
        return Gid.From(bytes);
    }
}
