using Robotics.Drivers.Ros2.Messages.GeometryMsgs;
using Robotics.Drivers.Ros2.Messages.Tf2Msgs;

namespace Robotics.Drivers.Ros2;

/// <summary>Follows /tf and /tf_static and keeps the newest pose of one configured pair of frames.</summary>
internal sealed class TransformReceiver(TransformSettings settings, TransformTree tree, RosTime time, Core.IClock clock)
{
    private readonly float[] _values = new float[settings.Channels.Length];
    private long _lastStamp = long.MinValue;

    public TransformSettings Settings => settings;

    public TopicCell Cell { get; } = new(settings.Channels.Length);

    /// <summary>To be called after every message that went into the tree.</summary>
    public void Update()
    {
        if (!tree.TryLookup(settings.Parent, settings.Child, out FrameTransform t, out long stamp) || stamp == _lastStamp)
            return;
        _lastStamp = stamp;
        for (int i = 0; i < _values.Length; i++)
            _values[i] = (float)Component(t, settings.Components[i]);
        long received = clock.NowNs;
        Cell.Write(_values, stamp == long.MaxValue ? received : time.ToMonotonic(stamp, received), received);
    }

    /// <summary>Puts a message into <paramref name="tree"/>.</summary>
    public static void Take(TransformTree tree, TFMessage message, bool isStatic)
    {
        foreach (TransformStamped t in message.Transforms)
            tree.Add(t, isStatic);
    }

    private static double Component(FrameTransform t, int component) =>
        component switch
        {
            0 => t.Translation.X,
            1 => t.Translation.Y,
            2 => t.Translation.Z,
            3 => t.Rotation.W,
            4 => t.Rotation.X,
            5 => t.Rotation.Y,
            _ => t.Rotation.Z,
        };
}
