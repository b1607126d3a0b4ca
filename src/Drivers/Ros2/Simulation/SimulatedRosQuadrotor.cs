using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2.Messages.RosgraphMsgs;
using Robotics.Drivers.Ros2.Messages.StdSrvs;
using Robotics.Models;

namespace Robotics.Drivers.Ros2;

/// <summary>A simulated quadrotor that is a process of its own in a ROS 2 graph: the robot behind a robot.yaml whose driver is ros2.</summary>
/// <remarks>
/// <para>It publishes what that file subscribes to and takes what it publishes, field by field, so any mapping can be flown before the real
/// robot is there. It is no part of the control process and knows nothing of its supervisor.</para>
/// <para>Like a device it has its own command timeout: in silence it is back on its stand (the start, at rest, rotors at hover speed)
/// until a command with power comes. A robot whose power was cut in flight falls for a second and is then put back, too.</para>
/// </remarks>
public sealed class SimulatedRosQuadrotor : IDisposable
{
    private const long CutToStandNs = 1_000_000_000; // somebody picks a fallen robot up: long enough to see the fall in the data
    private const int MaxCatchUpSteps = 100; // after a stall the simulation drops time rather than running behind for long
    private readonly IClock _clock;
    private readonly RosContext _context;
    private readonly RosTime _time;
    private readonly QuadrotorModel<double> _model;
    private readonly SimulatorSettings _settings;
    private readonly StatePublication[] _publications;
    private readonly CommandReception[] _receptions;
    private readonly Subscription[] _commands;
    private readonly Publisher<Clock>? _clockPublisher;
    private readonly Clock _clockMessage = new();
    private readonly int[] _stateIndex;
    private readonly float[] _simulated = new float[QuadrotorChannels.StateCount];
    private readonly float[] _state;
    private readonly float[] _command;
    private readonly float[] _received;
    private readonly double[] _setpoints = new double[QuadrotorParameters.RotorCount];
    private readonly long[] _seen;
    private readonly long _stepNs;
    private QuadrotorState<double> _quadrotor;
    private long _timeNs;
    private long _lastCommandNs = long.MinValue;
    private long _lastPowerNs = long.MinValue;
    private long _steps;
    private int _resetRequested;

    /// <summary>Joins the graph as <c>/simulated_robot</c> in the driver's namespace.</summary>
    /// <param name="settings">The driver section whose other end this is.</param>
    /// <param name="airframe">What flies.</param>
    /// <param name="clock">Real time, or a manual clock in tests.</param>
    public SimulatedRosQuadrotor(Ros2DriverSettings settings, QuadrotorParameters airframe, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(airframe);
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _settings = settings.Simulator;
        _time = new RosTime(clock, simulated: false);
        _model = new QuadrotorModel<double>(airframe);
        _stepNs = (long)Math.Round(1e9 / _settings.RateHz);
        ChannelLayout known = QuadrotorChannels.State(airframe);
        _stateIndex = [.. settings.StateChannels.Select(c => known.IndexOf(c.Name))];
        _state = new float[_stateIndex.Length];
        _command = new float[settings.CommandChannels.Count];
        InterfaceCatalog catalog = settings.Options.Interfaces;
        _receptions = [.. settings.Publications.Select(p => new CommandReception(p, catalog, _time, clock))];
        _seen = new long[_receptions.Length];
        _received = new float[settings.Publications.Select(p => p.Channels.Length).DefaultIfEmpty().Max()];
        _context = new RosContext(settings.Options, clock);
        Node = _context.CreateNode("simulated_robot", settings.NodeNamespace, settings.Remap);
        _publications = [.. settings.Subscriptions.Select(s => new StatePublication(s, catalog, Node))];
        _commands = [.. _receptions.Select(r => Node.CreateRawSubscription(r.Settings.Topic, r.Settings.Type, r, r.Settings.Qos))];
        Node.CreateService<TriggerRequest, TriggerResponse>("~/reset", (_, response) => OnReset(response));
        _ = new ParameterServer(Node, _time,
        [
            new ParameterDeclaration("robot", _settings.Identity, "Which robot this is.", ReadOnly: true),
            new ParameterDeclaration("command_timeout_ms", _settings.CommandTimeoutMs, "Silence after which the robot acts by itself, ms.", ReadOnly: true),
        ]);
        _clockPublisher = _settings.PublishClock ? Node.CreatePublisher<Clock>("/clock", QosProfile.SensorData) : null;
        PutOnStand();
        QuadrotorState<double> rehearsed = _quadrotor;
        _model.Step(ref rehearsed, _setpoints, _stepNs * 1e-9); // compiled now, not when the first command comes
        _timeNs = clock.NowNs;
    }

    /// <summary>Its node.</summary>
    public RosNode Node { get; }

    /// <summary>Steps integrated and published.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>True while no command with power has come.</summary>
    public bool IsOnStand { get; private set; } = true;

    /// <summary>From the measurement of a sample, over the control process, to the arrival of the command with power that answers it.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Command messages that arrived.</summary>
    public long Commands => _commands.Sum(s => s.Received);

    /// <summary>The state as the robot's channels would show it, in the order of robot.yaml. Read it from the thread that steps.</summary>
    public ReadOnlySpan<float> State => _state;

    /// <summary>Reads a robot.yaml whose driver is ros2.</summary>
    /// <exception cref="ConfigurationException">With everything that is wrong with what this needs of the file.</exception>
    public static SimulatedRosQuadrotor Load(string robotFile, IClock clock, IEnumerable<string>? overrides = null)
    {
        ConfigDocument document = ConfigDocument.Load(robotFile);
        foreach (string o in overrides ?? [])
            document.Override(o);
        ConfigMap driver = document.Root.Map("driver");
        driver.OneOf("kind", ["ros2"]);
        Ros2DriverSettings settings = Ros2DriverSettings.Read(driver, document.Root.Map("channels"));
        QuadrotorParameters airframe = QuadrotorParameters.Read(document.Root.Map("airframe"));
        if (document.Problems.Count == 0)
            CheckChannels(document, settings, airframe);
        return document.Problems.Count == 0
            ? new SimulatedRosQuadrotor(settings, airframe, clock)
            : throw new ConfigurationException(document.Problems);
    }

    /// <summary>Runs in real time until <paramref name="cancellation"/>.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            MonotonicSleep.Until(_timeNs + _stepNs);
            Advance();
        }
    }

    /// <summary>Integrates up to the clock's time and publishes what came out. For one thread.</summary>
    public void Advance()
    {
        long now = _clock.NowNs;
        if (now - _timeNs > _stepNs * MaxCatchUpSteps)
            _timeNs = now - _stepNs;
        TakeCommands(now);
        bool stepped = false;
        for (; now - _timeNs >= _stepNs; _timeNs += _stepNs, stepped = true)
            Step();
        if (stepped)
            Publish();
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static void CheckChannels(ConfigDocument document, Ros2DriverSettings settings, QuadrotorParameters airframe)
    {
        ChannelLayout known = QuadrotorChannels.State(airframe);
        foreach (Channel c in settings.StateChannels.Where(c => known.IndexOf(c.Name) < 0 || known[known.IndexOf(c.Name)].Unit != c.Unit))
            document.AddProblem(0, $"channels.state: a simulated quadrotor has no '{c.Name}' in '{c.Unit}'; it has {string.Join(", ", known.Select(k => $"{k.Name} ({k.Unit})"))}");
        if (settings.Publications.Length == 0 || settings.CommandChannels.TryIndicesOf(ChannelNames.Rotors) is null)
            document.AddProblem(0, $"channels.command: a simulated quadrotor needs {string.Join(", ", ChannelNames.Rotors)} and a publication that sends them");
    }

    private void OnReset(TriggerResponse response)
    {
        Interlocked.Exchange(ref _resetRequested, 1);
        response.Success = true;
        response.Message = "back on the stand";
    }

    private void TakeCommands(long now)
    {
        long latencyNs = -1;
        for (int r = 0; r < _receptions.Length; r++)
        {
            int[] channels = _receptions[r].Settings.Channels;
            Span<float> values = _received.AsSpan(0, channels.Length);
            long version = _receptions[r].Cell.TryRead(_seen[r], values, out long answered, out long received);
            if (version == _seen[r])
                continue;
            _seen[r] = version;
            _lastCommandNs = received;
            if (answered > 0)
                latencyNs = received - answered;
            for (int i = 0; i < channels.Length; i++)
            {
                if (channels[i] >= 0)
                    _command[channels[i]] = values[i];
            }
        }
        bool isSilent = Since(_lastCommandNs, now) > _settings.CommandTimeoutMs * 1e6;
        bool hasPower = !isSilent && _command.AsSpan().ContainsAnyExcept((float)_model.Parameters.CommandMinimum);
        if (hasPower)
            _lastPowerNs = now;
        if (hasPower && latencyNs >= 0)
            Latency.Add(latencyNs);
        bool fell = !IsOnStand && Since(_lastPowerNs, now) > CutToStandNs;
        bool reset = Interlocked.Exchange(ref _resetRequested, 0) != 0;
        if (reset || fell || (isSilent && !IsOnStand))
            PutOnStand();
        else
            IsOnStand &= !hasPower;
    }

    private static long Since(long then, long now) => then == long.MinValue ? long.MaxValue : now - then;

    private void Step()
    {
        Interlocked.Increment(ref _steps);
        if (IsOnStand)
            return;
        for (int i = 0; i < _setpoints.Length; i++)
            _setpoints[i] = _command[i];
        _model.Step(ref _quadrotor, _setpoints, _stepNs * 1e-9);
    }

    private void PutOnStand()
    {
        double hover = _model.Parameters.HoverSetpoint;
        _quadrotor = QuadrotorState<double>.AtRest(hover);
        _command.AsSpan().Fill((float)_model.Parameters.CommandMinimum);
        IsOnStand = true;
    }

    private void Publish()
    {
        QuadrotorChannels.Pack(_quadrotor, _simulated);
        for (int i = 0; i < _state.Length; i++)
            _state[i] = _simulated[_stateIndex[i]];
        long stamp = _time.ToRos(_timeNs);
        foreach (StatePublication p in _publications)
            p.Publish(_state, stamp);
        if (_clockPublisher is null)
            return;
        _clockMessage.ClockValue.Set(stamp);
        _clockPublisher.TryPublish(_clockMessage);
    }
}
