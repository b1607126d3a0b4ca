using Robotics.Core;
using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>The other end of one publication of robot.yaml: takes the set-points out of the same fields of the same message.</summary>
internal sealed class CommandReception : ICheckedSink
{
    private readonly PublicationSettings _settings;
    private readonly FieldReader _reader;
    private readonly RosTime _time;
    private readonly IClock _clock;
    private readonly float[] _values;

    public CommandReception(PublicationSettings settings, InterfaceCatalog catalog, RosTime time, IClock clock)
    {
        _settings = settings;
        _time = time;
        _clock = clock;
        _reader = new FieldReader(catalog, settings.Type, settings.Paths);
        _values = new float[settings.Channels.Length];
        Cell = new TopicCell(_values.Length);
    }

    public PublicationSettings Settings => _settings;

    public TopicCell Cell { get; }

    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        long received = _clock.NowNs;
        if (_reader.Read(cdr) != FieldReadStatus.Ok)
            return false;
        for (int i = 0; i < _values.Length; i++)
        {
            double value = _reader.Values[i] / _settings.Factors[i];
            if (!double.IsFinite(value))
                return false; // a device refuses what is no number
            _values[i] = (float)value;
        }
        Cell.Write(_values, _reader.StampNs > 0 ? _time.ToMonotonic(_reader.StampNs, received) : 0, received);
        return true;
    }
}
