using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2.Dds;
using Robotics.Drivers.Ros2.Messages.RosgraphMsgs;
using Robotics.Drivers.Ros2.Messages.Tf2Msgs;

namespace Robotics.Drivers.Ros2;

/// <summary>A robot that is reached over ROS 2: topics fill state channels, commands leave on topics.</summary>
/// <remarks>
/// Samples arrive on the context's receiving thread and are handed to the control thread without a lock; commands leave from a writer
/// thread, so that a slow subscriber holds up nobody's tick. <see cref="Read(SensorSample)"/> and <see cref="Write"/> allocate nothing.
/// </remarks>
public sealed class Ros2Driver : IRobotDriver, IDeviceReadiness
{
    private readonly IClock _clock;
    private readonly Ros2DriverSettings _settings;
    private readonly RosContext? _context;
    private readonly CommandSender? _sender;
    private readonly DeviceWatch? _watch;
    private readonly Subscription[] _subscriptions = [];
    private readonly TopicReceiver[] _topics = [];
    private readonly TransformReceiver[] _transforms = [];
    private readonly TransformTree _tree = new();
    private readonly TopicCell[] _cells;
    private readonly int[][] _channels;
    private readonly long[] _seen;
    private readonly float[] _scratch;
    private readonly float[] _cut;
    private long _sequence;
    private int _missing;

    /// <summary>Connects <paramref name="settings"/>' node, unless <paramref name="connect"/> is false (a faulty configuration).</summary>
    public Ros2Driver(Ros2DriverSettings settings, IClock clock, bool connect = true)
    {
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        Time = new RosTime(clock, settings.UseSimTime);
        _topics = [.. settings.Subscriptions.Select(s => new TopicReceiver(s, Time, clock))];
        _transforms = [.. settings.Transforms.Select(s => new TransformReceiver(s, _tree, Time, clock))];
        _cells = [.. _topics.Select(t => t.Cell), .. _transforms.Select(t => t.Cell)];
        _channels = [.. _topics.Select(t => t.Settings.Channels), .. _transforms.Select(t => t.Settings.Channels)];
        _seen = new long[_cells.Length];
        _missing = _cells.Length;
        _scratch = new float[Math.Max(1, settings.StateChannels.Count)];
        _cut = [.. settings.CommandChannels.Select(c => (float)c.Minimum)];
        if (!connect)
            return;
        _context = new RosContext(settings.Options, clock);
        Node = _context.CreateNode(settings.NodeName, settings.NodeNamespace, settings.Remap);
        _sender = new CommandSender(settings, Node, Time, clock);
        _subscriptions = [.. _topics.Select(t => Node.CreateRawSubscription(t.Settings.Topic, t.Settings.Type, t, t.Settings.Qos))];
        Listen(Node);
        _watch = settings.Device is null ? null : new DeviceWatch(Node, settings.Device, clock);
    }

    /// <summary>What robot.yaml says of it.</summary>
    public Ros2DriverSettings Settings => _settings;

    /// <inheritdoc/>
    public ChannelLayout StateChannels => _settings.StateChannels;

    /// <inheritdoc/>
    public ChannelLayout CommandChannels => _settings.CommandChannels;

    /// <summary>The driver's node, under which others of this process may publish; null where it is not connected.</summary>
    public RosNode? Node { get; }

    /// <summary>ROS time as this robot sees it.</summary>
    public RosTime Time { get; }

    /// <summary>From the measurement of the sample that a command answers to the moment DDS had taken the command.</summary>
    public LatencyHistogram? Latency => _sender?.Latency;

    /// <inheritdoc/>
    public bool IsReady => _watch?.IsReady ?? false;

    /// <inheritdoc/>
    public double CommandTimeoutS => _settings.Device is null ? double.PositiveInfinity : _settings.Device.CommandTimeoutMs / 1000;

    /// <inheritdoc/>
    public bool IsObeying => IsReady; // a topic has no word for it: whoever is identified listens

    /// <inheritdoc/>
    public string Diagnosis => _watch?.Diagnosis ?? "robot.yaml has no driver.device: say which node and parameters prove the robot's identity and command timeout";

    /// <summary>Samples dropped over all topics: malformed, too large, of another frame or without a mapped element.</summary>
    public long Dropped => _subscriptions.Sum(s => s.Malformed + s.Oversized) + _topics.Sum(t => t.OtherFrame + t.Incomplete);

    /// <summary>Gives the threads that carry samples and commands real-time priority, below the control thread's.</summary>
    /// <returns>What could not be had, with the remedy; null where they have it.</returns>
    public static string? MakeRealTime(int priority) => DdsThreads.MakeRealTime(priority);

    /// <summary>Reads the <c>driver</c> and <c>channels</c> sections; connects only where nothing is wrong with the file so far.</summary>
    public static Ros2Driver Read(ConfigMap driver, ConfigMap channels, IClock clock, bool attach = true)
    {
        ArgumentNullException.ThrowIfNull(driver);
        Ros2DriverSettings settings = Ros2DriverSettings.Read(driver, channels);
        return new Ros2Driver(settings, clock, connect: attach && driver.Document.Problems.Count == 0);
    }

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        bool fresh = false;
        for (int c = 0; c < _cells.Length; c++)
            fresh |= ReadCell(sample, c);
        if (fresh)
            sample.Sequence = ++_sequence;
        return sample.Status = _missing > 0 ? ReadStatus.Missing : fresh ? ReadStatus.Ok : ReadStatus.Unchanged;
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != CommandChannels.Count || _sender is null)
            return WriteStatus.Refused;
        bool enabled = command.Action < SafetyAction.PowerCut;
        return _sender.Post(enabled ? command.Values : _cut, command.SampleTimeNs, enabled);
    }

    /// <summary>One line per topic for diagnostics: name, publishers, counters, age. Allocates; not for the tick.</summary>
    public IReadOnlyList<TopicHealth> Health()
    {
        long now = _clock.NowNs;
        var health = new List<TopicHealth>();
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription s = _subscriptions[i];
            TopicReceiver t = _topics[i];
            var ignored = new float[t.Settings.Channels.Length];
            long age = t.Cell.TryRead(0, ignored, out _, out long received) == 0 ? long.MaxValue : now - received;
            health.Add(new TopicHealth(
                s.Topic, s.Type, s.Publishers, s.Received, s.Malformed, s.Oversized, t.OtherFrame, t.Incomplete, age, age > t.Settings.StalenessNs));
        }
        return health;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        _sender?.Dispose();
        _context?.Dispose();
    }

    private bool ReadCell(SensorSample sample, int cell)
    {
        int[] channels = _channels[cell];
        Span<float> values = _scratch.AsSpan(0, channels.Length);
        long version = _cells[cell].TryRead(_seen[cell], values, out long sampleNs, out long receivedNs);
        if (version == _seen[cell])
            return false;
        if (_seen[cell] == 0)
            _missing--;
        _seen[cell] = version;
        for (int i = 0; i < channels.Length; i++)
        {
            sample.Values[channels[i]] = values[i];
            sample.TimesNs[channels[i]] = receivedNs;
        }
        if (sampleNs > sample.SampleTimeNs || _sequence == 0)
            sample.SampleTimeNs = sampleNs;
        return true;
    }

    private void Listen(RosNode node)
    {
        if (_settings.UseSimTime)
            node.CreateSubscription<Clock>("/clock", m => Time.OnClock(m.ClockValue.ToNs()), QosProfile.SensorData with { Depth = 1 });
        if (_transforms.Length == 0)
            return;
        node.CreateSubscription<TFMessage>("/tf", m => OnTransforms(m, isStatic: false), QosProfile.Default with { Depth = 100 }); // tf2's depth
        node.CreateSubscription<TFMessage>("/tf_static", m => OnTransforms(m, isStatic: true), QosProfile.Latched with { Depth = 100 });
    }

    private void OnTransforms(TFMessage message, bool isStatic)
    {
        TransformReceiver.Take(_tree, message, isStatic);
        foreach (TransformReceiver t in _transforms)
            t.Update();
    }
}
