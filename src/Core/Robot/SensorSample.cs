namespace Robotics.Core;

/// <summary>The latest state of a robot as its driver knows it. One instance lives for the whole run; drivers fill it in place.</summary>
/// <remarks>Written and read by the control thread only.</remarks>
public sealed class SensorSample
{
    private readonly float[] _values;
    private readonly long[] _timesNs;

    /// <summary>An empty sample for <paramref name="layout"/>: all NaN, never sampled.</summary>
    public SensorSample(ChannelLayout layout)
    {
        Layout = layout ?? throw new ArgumentNullException(nameof(layout));
        _values = new float[layout.Count];
        _timesNs = new long[layout.Count];
        Array.Fill(_values, float.NaN);
        Array.Fill(_timesNs, long.MinValue);
    }

    /// <summary>Meaning, unit and order of <see cref="Values"/>.</summary>
    public ChannelLayout Layout { get; }

    /// <summary>One value per channel of <see cref="Layout"/>, in its unit; NaN where never sampled.</summary>
    public Span<float> Values => _values;

    /// <summary>Receive time of each channel's value on this machine's monotonic clock, ns; <see cref="long.MinValue"/> where never sampled.</summary>
    /// <remarks>Ages are counted from this, so a channel that stops arriving grows old while others stay fresh.</remarks>
    public Span<long> TimesNs => _timesNs;

    /// <summary>When the newest value was measured, ns on this machine's monotonic clock. Travels with the command to the actuator.</summary>
    public long SampleTimeNs { get; set; }

    /// <summary>Counts the samples the driver has delivered; unchanged where a read brought nothing new.</summary>
    public long Sequence { get; set; }

    /// <summary>Status of the read that filled this sample.</summary>
    public ReadStatus Status { get; set; } = ReadStatus.Missing;

    /// <summary>Stamps every channel and the sample itself with <paramref name="timeNs"/>: for drivers whose channels arrive together.</summary>
    public void Stamp(long timeNs)
    {
        Array.Fill(_timesNs, timeNs);
        SampleTimeNs = timeNs;
    }
}
