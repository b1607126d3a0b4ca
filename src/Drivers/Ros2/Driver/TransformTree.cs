using Robotics.Drivers.Ros2.Messages.GeometryMsgs;
using Robotics.Models;

namespace Robotics.Drivers.Ros2;

/// <summary>The newest transform of every frame that /tf and /tf_static told of. Receiving thread only.</summary>
/// <remarks>No interpolation in time: a control loop wants the newest. Where a chain is looked up, the oldest of its stamps counts.</remarks>
public sealed class TransformTree
{
    private const int MaxFrames = 512; // a large humanoid has about 100
    private const int MaxDepth = 64;
    private readonly Dictionary<string, Edge> _edges = new(StringComparer.Ordinal);

    /// <summary>Frames refused because there are already 512, or because a transform was not finite or had no unit quaternion.</summary>
    public long Refused { get; private set; }

    /// <summary>Takes one transform.</summary>
    public void Add(TransformStamped message, bool isStatic)
    {
        ArgumentNullException.ThrowIfNull(message);
        Messages.GeometryMsgs.Vector3 t = message.Transform.Translation;
        Messages.GeometryMsgs.Quaternion r = message.Transform.Rotation;
        double norm2 = (r.X * r.X) + (r.Y * r.Y) + (r.Z * r.Z) + (r.W * r.W);
        bool sound = double.IsFinite(t.X + t.Y + t.Z) && Math.Abs(norm2 - 1) < 1e-2; // REP-103 quaternions are unit; 1 % for float32 sources
        if (!sound || (_edges.Count >= MaxFrames && !_edges.ContainsKey(message.ChildFrameId)))
        {
            Refused++;
            return;
        }
        long stamp = message.Header.Stamp.ToNs();
        _edges[message.ChildFrameId] = new Edge(
            message.Header.FrameId,
            new FrameTransform(new Vector3<double>(t.X, t.Y, t.Z), new Quaternion<double>(r.W, r.X, r.Y, r.Z).Normalised()),
            isStatic ? long.MaxValue : stamp);
    }

    /// <summary>Pose of <paramref name="child"/> in <paramref name="parent"/>, over common ancestors where needed.</summary>
    /// <param name="parent">Frame the pose is expressed in.</param>
    /// <param name="child">Frame whose pose is wanted.</param>
    /// <param name="transform">T_parent_child.</param>
    /// <param name="stampNs">Oldest stamp on the chain; <see cref="long.MaxValue"/> where all are static.</param>
    public bool TryLookup(string parent, string child, out FrameTransform transform, out long stampNs)
    {
        transform = FrameTransform.Identity;
        stampNs = long.MaxValue;
        FrameTransform fromParent = FrameTransform.Identity;
        string ancestor = parent;
        for (int up = 0; up <= MaxDepth; up++)
        {
            if (TryClimb(child, ancestor, out FrameTransform climbed, out long stamp))
            {
                transform = fromParent.Inverse().Then(climbed);
                stampNs = Math.Min(stampNs, stamp);
                return true;
            }
            if (!_edges.TryGetValue(ancestor, out Edge edge))
                return false;
            fromParent = edge.Transform.Then(fromParent);
            stampNs = Math.Min(stampNs, edge.StampNs);
            ancestor = edge.Parent;
        }
        return false; // a cycle
    }

    // T_ancestor_frame, where the ancestor is above the frame.
    private bool TryClimb(string frame, string ancestor, out FrameTransform transform, out long stampNs)
    {
        transform = FrameTransform.Identity;
        stampNs = long.MaxValue;
        for (int up = 0; up <= MaxDepth; up++)
        {
            if (frame == ancestor)
                return true;
            if (!_edges.TryGetValue(frame, out Edge edge))
                return false;
            transform = edge.Transform.Then(transform);
            stampNs = Math.Min(stampNs, edge.StampNs);
            frame = edge.Parent;
        }
        return false;
    }

    private readonly record struct Edge(string Parent, FrameTransform Transform, long StampNs);
}
