using Robotics.Drivers.Ros2.Dds;
using Robotics.Models;

namespace Robotics.Drivers.Ros2;

/// <summary>Turns the samples of one topic into channel values, on the receiving thread. Allocates nothing.</summary>
internal sealed class TopicReceiver(TopicSettings settings, RosTime time, Core.IClock clock) : ICheckedSink
{
    private readonly float[] _values = new float[settings.Channels.Length];
    private long _otherFrame;
    private long _incomplete;
    private long _nonFinite;

    public TopicSettings Settings => settings;

    public TopicCell Cell { get; } = new(settings.Channels.Length);

    /// <summary>Messages whose header names another frame.</summary>
    public long OtherFrame => Interlocked.Read(ref _otherFrame);

    /// <summary>Messages without an element that is mapped.</summary>
    public long Incomplete => Interlocked.Read(ref _incomplete);

    /// <summary>Messages with a NaN or an infinity in a mapped field. They are passed on: the supervisor judges values.</summary>
    public long NonFinite => Interlocked.Read(ref _nonFinite);

    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        long received = clock.NowNs;
        switch (settings.Reader.Read(cdr))
        {
            case FieldReadStatus.Malformed:
                return false;
            case FieldReadStatus.OtherFrame:
                Interlocked.Increment(ref _otherFrame);
                return true;
            case FieldReadStatus.Incomplete:
                Interlocked.Increment(ref _incomplete);
                return true;
            default:
                Convert();
                Cell.Write(_values, time.ToMonotonic(settings.Reader.StampNs, received), received);
                return true;
        }
    }

    private void Convert()
    {
        ReadOnlySpan<double> read = settings.Reader.Values;
        bool finite = true;
        for (int i = 0; i < _values.Length; i++)
        {
            double value = read[i] * settings.Factors[i];
            finite &= double.IsFinite(value);
            _values[i] = (float)value;
        }
        if (!finite)
            Interlocked.Increment(ref _nonFinite);
        if (settings.BodyToWorld.Length == 3)
            Rotate(read);
    }

    private void Rotate(ReadOnlySpan<double> read)
    {
        int[] o = settings.Orientation;
        int[] v = settings.BodyToWorld;
        Quaternion<double> q = new Quaternion<double>(read[o[0]], read[o[1]], read[o[2]], read[o[3]]).Normalised();
        Vector3<double> world = q.Rotate(new Vector3<double>(
            read[v[0]] * settings.Factors[v[0]], read[v[1]] * settings.Factors[v[1]], read[v[2]] * settings.Factors[v[2]]));
        _values[v[0]] = (float)world.X;
        _values[v[1]] = (float)world.Y;
        _values[v[2]] = (float)world.Z;
    }
}
