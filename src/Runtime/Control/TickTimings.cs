using Robotics.Core;

namespace Robotics.Runtime.Control;

/// <summary>Where the time of a control tick goes, as histograms made before the flight.</summary>
/// <remarks>Control thread only; one clock reading (about 25 ns) per stage; allocates nothing after construction.</remarks>
public sealed class TickTimings
{
    private const int StageResolutionNs = 100;
    private const int StageBuckets = 20_000; // 2 ms: a stage that takes longer is one bucket, and the maximum says how long
    private const int LatencyResolutionNs = 1000;
    private const int LatencyBuckets = 200_000; // 0.2 s, as bench/loop/loop.c

    private readonly IClock _clock;
    private readonly LatencyHistogram[] _stages = [.. Enum.GetValues<TickStage>().Select(_ => new LatencyHistogram(StageResolutionNs, StageBuckets))];
    private long _beganNs;
    private long _lastNs;
    private long _lastWakeNs;

    /// <summary>Empty timings on <paramref name="clock"/>.</summary>
    public TickTimings(IClock clock) => _clock = clock ?? throw new ArgumentNullException(nameof(clock));

    /// <summary>From deadline to wake-up.</summary>
    public LatencyHistogram WakeUp { get; } = new(LatencyResolutionNs, LatencyBuckets);

    /// <summary>From one wake-up to the next.</summary>
    public LatencyHistogram Period { get; } = new(LatencyResolutionNs, LatencyBuckets);

    /// <summary>From the measurement of the sample to the moment its command was handed to the device.</summary>
    public LatencyHistogram SensorToActuator { get; } = new(LatencyResolutionNs, LatencyBuckets);

    /// <summary>The whole tick.</summary>
    public LatencyHistogram Tick { get; } = new(StageResolutionNs, StageBuckets);

    /// <summary>One stage.</summary>
    public LatencyHistogram this[TickStage stage] => _stages[(int)stage];

    /// <summary>The thread woke up <paramref name="latenessNs"/> after its deadline.</summary>
    public void Woke(long latenessNs)
    {
        long now = _clock.NowNs;
        WakeUp.Add(latenessNs);
        if (_lastWakeNs != 0)
            Period.Add(now - _lastWakeNs);
        _lastWakeNs = now;
    }

    /// <summary>A tick begins.</summary>
    public void Begin() => _beganNs = _lastNs = _clock.NowNs;

    /// <summary><paramref name="stage"/> is over.</summary>
    public void Mark(TickStage stage)
    {
        long now = _clock.NowNs;
        _stages[(int)stage].Add(now - _lastNs);
        _lastNs = now;
        if (stage == TickStage.Record)
            Tick.Add(now - _beganNs);
    }

    /// <summary><paramref name="command"/> was handed to the device just now.</summary>
    public void Sent(in SafeCommand command) => SensorToActuator.Add(_lastNs - command.SampleTimeNs);
}
