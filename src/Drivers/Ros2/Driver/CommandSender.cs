using Robotics.Core;
using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>The thread that publishes commands, so that a reliable writer that waits for a slow subscriber never holds up a tick.</summary>
internal sealed class CommandSender : IDisposable
{
    private const int IdleMs = 100; // only how soon Dispose is noticed; a post wakes the thread at once
    private readonly PublicationSettings[] _settings;
    private readonly RawPublisher[] _publishers;
    private readonly CommandOutbox _outbox;
    private readonly RosTime _time;
    private readonly IClock _clock;
    private readonly float[] _values;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile bool _failing;

    public CommandSender(Ros2DriverSettings settings, RosNode node, RosTime time, IClock clock)
    {
        _settings = settings.Publications;
        _time = time;
        _clock = clock;
        _values = new float[settings.CommandChannels.Count];
        _outbox = new CommandOutbox(_values.Length);
        _publishers = [.. _settings.Select(p => node.CreateRawPublisher(p.Topic, p.Type, p.Qos))];
        _thread = new Thread(Run) { IsBackground = true, Name = DdsThreads.SenderName };
        _thread.Start();
    }

    public LatencyHistogram Latency { get; } = new();

    public WriteStatus Post(ReadOnlySpan<float> values, long sampleNs, bool enabled)
    {
        bool replaced = !_outbox.IsEmpty;
        _outbox.Post(values, sampleNs, enabled);
        return _failing ? WriteStatus.Faulted : replaced ? WriteStatus.Replaced : WriteStatus.Ok;
    }

    public void Dispose()
    {
        _stopping = true;
        _outbox.Wake();
        if (_thread.Join(TimeSpan.FromSeconds(2)))
            _outbox.Dispose(); // a writer that hangs in DDS keeps its descriptor until the process ends
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (!_outbox.TryTake(IdleMs, _values, out long sampleNs, out bool enabled))
                continue;
            bool sent = true;
            for (int p = 0; p < _publishers.Length; p++)
                sent &= Publish(p, sampleNs, enabled);
            _failing = !sent;
            if (sampleNs > 0) // 0: commanded before the first sample, so it answers none
                Latency.Add(_clock.NowNs - sampleNs);
        }
    }

    private bool Publish(int index, long sampleNs, bool enabled)
    {
        PublicationSettings s = _settings[index];
        for (int i = 0; i < s.Channels.Length; i++)
            s.Template.Set(i, s.Channels[i] < 0 ? (enabled ? 1 : 0) : _values[s.Channels[i]] * s.Factors[i]);
        s.Template.SetStamp(sampleNs > 0 ? _time.ToRos(sampleNs) : 0);
        return _publishers[index].TryPublish(s.Template.Bytes);
    }
}
