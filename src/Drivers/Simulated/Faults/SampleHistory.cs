using Robotics.Core;

namespace Robotics.Drivers;

/// <summary>The last samples of a simulated robot, so that late, repeated and out-of-order ones can be handed out. Allocates nothing after construction.</summary>
internal sealed class SampleHistory
{
    private const int Capacity = 512; // half a second at 1 kHz: longer delays hand out the oldest
    private readonly float[][] _values;
    private readonly long[][] _times;
    private long _count;

    public SampleHistory(int channels)
    {
        _values = [.. Enumerable.Range(0, Capacity).Select(_ => new float[channels])];
        _times = [.. Enumerable.Range(0, Capacity).Select(_ => new long[channels])];
    }

    public void Add(SensorSample sample)
    {
        int slot = (int)(_count++ % Capacity);
        sample.Values.CopyTo(_values[slot]);
        sample.TimesNs.CopyTo(_times[slot]);
    }

    /// <summary>Forgets everything: the robot was put elsewhere.</summary>
    public void Clear() => _count = 0;

    /// <summary>Value and time of <paramref name="channel"/>, <paramref name="back"/> samples before the newest.</summary>
    public (float Value, long TimeNs) Back(int channel, int back)
    {
        long index = Math.Max(_count - 1 - back, Math.Max(0, _count - Capacity));
        int slot = (int)(index % Capacity);
        return (_values[slot][channel], _times[slot][channel]);
    }

    /// <summary>The newest value of <paramref name="channel"/> that is no younger than <paramref name="timeNs"/>; the oldest where there is none.</summary>
    public (float Value, long TimeNs) At(int channel, long timeNs)
    {
        int known = (int)Math.Min(_count, Capacity);
        for (int back = 0; back < known; back++)
        {
            (float value, long time) = Back(channel, back);
            if (time <= timeNs)
                return (value, time);
        }
        return Back(channel, known - 1);
    }
}
