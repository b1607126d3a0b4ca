using System.Net;
using System.Runtime;
using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Control;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Ros;
using Robotics.Runtime.Time;
using Robotics.Safety;

namespace Robotics.Cli.Processes;

/// <summary>The control process: one real-time thread over the shared memory. Everything is allocated before the first tick, nothing after.</summary>
internal sealed class ControlProcess : IDisposable
{
    private const int Priority = 80; // above ros2_control's 50 and below the kernel's own watchdog threads; docs/adr/0001
    private const int WatchPriority = Priority + 1;
    private const int DdsPriority = Priority - 10;

    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory;
    private readonly ControlRig _control;
    private readonly RealTimePacer _pacer;
    private readonly OperatorPort _operators;
    private readonly ControlNode? _node;
    private readonly LoopGuards _guards;
    private readonly Readiness _readiness;
    private readonly LimpStandby? _limp;
    private readonly CpuLatencyRequest? _awake;
    private readonly ControlCycle _cycle;
    private readonly ClosingStop _closing;
    private readonly IReadOnlyList<string> _degraded;
    private readonly TickTimings? _timings;
    private readonly float[] _distance;
    private long _baselineBefore;
    private long _allocated;
    private long _processAllocated;

    /// <summary>Everything the flight needs, before the first tick. The calling thread is the one that flies: it becomes real-time here, where
    /// the machine allows it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">How this process flies it.</param>
    /// <param name="robotOverrides">Assignments for robot.yaml.</param>
    public ControlProcess(RunDescription run, ControlOptions options, IReadOnlyList<string> robotOverrides)
    {
        Rehearsal.Run(run, robotOverrides);
        IClock clock = MonotonicClock.Instance;
        _robot = RobotRig.Load(run, clock, robotOverrides);
        _memory = EdgeMemory.Open(options.MemoryName, _robot.RingBytes);
        ulong boot = (ulong)WallClock.UtcNow.UtcTicks;
        _control = new ControlRig(_robot, clock, _memory, boot, new FlightOptions { FlyOn = options.Hover, Explore = !options.Hover, LoadsBeside = true, Outside = options.Hover ? [] : _robot.People() });
        _pacer = new RealTimePacer(clock, _robot.PeriodNs);
        _operators = OpenOperators(run, options, boot);
        _node = _robot.Ros2 is null ? null : new ControlNode(_robot.Ros2, _robot, _control, clock); // its threads are made before this one is real-time
        IReadOnlyList<string> refused = MakeRealTime(_robot);
        bool guardsAct = refused.Count == 0 || !_robot.IsSimulated;
        string? asleep = null;
        _awake = run.KeepCpuAwake ? CpuLatencyRequest.TryHold(out asleep) : null;
        _degraded = asleep is null ? refused : [.. refused, asleep];
        _guards = new LoopGuards(clock, _robot.Supervisor, _control.Driver, _robot.PeriodNs, guardsAct);
        DeviceReporter? reporter = _robot.Driver is IDeviceReadiness device ? new(device, _memory.Device, boot, clock) : null;
        _readiness = new Readiness(_robot.Supervisor, _robot.Driver, _memory.Agent, options.Folder, reporter);
        if ((_robot.Supervisor.Settings.Arming.Required & ArmingChecks.LimpProcess) != 0)
            _limp = new LimpStandby(options.MemoryName, clock, _robot.Supervisor);
        ICycleGuest?[] guests = [_limp, _node];
        _cycle = new ControlCycle(_robot, _control, _memory, clock, _operators, _guards, _readiness, guests.OfType<ICycleGuest>());
        _closing = new ClosingStop(_robot, _control, _guards, CountAllocations);
        if (options.Timings)
            _control.Loop.Timings = _timings = new TickTimings(clock);
        TicksToFly = double.IsFinite(options.Seconds) ? (long)(options.Seconds * _robot.ControlRateHz) : long.MaxValue;
        _distance = new float[TicksToFly == long.MaxValue || options.Timings ? 0 : Math.Min(1_000_000, TicksToFly)];
    }

    /// <summary>The first exception inside a tick; null for none.</summary>
    public Exception? Fault => _control.Loop.Fault;

    /// <summary>Ticks under a policy after which the process ends.</summary>
    public long TicksToFly { get; }

    /// <summary>Where operator datagrams go.</summary>
    public static string SocketPath(string memoryName) => $"/dev/shm/robotics-{memoryName}.sock";

    /// <summary>Flies on the calling thread, and brings a real robot to rest when the flight is over or <paramref name="cancellation"/> asks for its end.</summary>
    public ControlResult Run(CancellationToken cancellation)
    {
        foreach (string line in _degraded)
            Console.Error.WriteLine($"robotics control: degraded: {line}");
        _guards.Watch.Start(WatchPriority, Environment.ProcessorCount > 1 ? 0 : -1);
        _readiness.Start();
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        LinuxRealTime.SleepUntil(0); // the native stub of the sleep is made here, not in the first tick
        int collections = Collections();
        CountAllocations();
        (long allocated, long processAllocated) = (_allocated, _processAllocated);
        while (_cycle.Flown < TicksToFly && !cancellation.IsCancellationRequested)
            Tick();
        SafetyCounters counters = _robot.Supervisor.Counters;
        long stale = counters.TicksOf(SafetyCauses.StaleSample); // of the flight: what brings the robot to rest afterwards is the baseline's by design
        long baseline = counters.InterventionTicks - _baselineBefore;
        while (!_closing.IsOver())
            Tick();
        _limp?.Leave();
        return new ControlResult
        {
            Ticks = _control.Loop.Ticks,
            MissedPeriods = _cycle.MissedPeriods,
            StaleTicks = stale,
            BaselineTicks = baseline,
            Recorded = _control.Recorded,
            Dropped = _memory.Records.Dropped,
            AllocatedBytes = _allocated - allocated,
            ProcessAllocatedBytes = _processAllocated - processAllocated,
            Collections = Collections() - collections,
            Stalls = _guards.Watch.Trips,
            FirstTickNs = _cycle.FirstFlownNs,
            PeriodNs = _robot.PeriodNs,
            DistanceM = _distance,
            Degraded = _degraded,
            Timings = _timings is null ? null : TimingsResult.Of(_timings),
            CpuSeconds = CpuTime.ProcessSeconds,
        };
    }

    public void Dispose()
    {
        _guards.Dispose();
        _readiness.Dispose();
        _node?.Dispose();
        _limp?.Dispose();
        _awake?.Dispose();
        _operators.Dispose();
        _control.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    private void CountAllocations() => (_allocated, _processAllocated) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes());

    private void Tick()
    {
        int missed = _pacer.WaitForNextTick();
        _timings?.Woke(_pacer.LatenessNs);
        if (!_cycle.Run(missed))
            return;
        if (_cycle.Flown == 1)
            _baselineBefore = _robot.Supervisor.Counters.InterventionTicks;
        if (_cycle.Flown <= _distance.Length)
            _distance[_cycle.Flown - 1] = (float)_control.Loop.DistanceToTarget;
    }

    // Samples and commands wait for no other program either, but for the control thread itself.
    private static IReadOnlyList<string> MakeRealTime(RobotRig robot)
    {
        IReadOnlyList<string> refused = LinuxRealTime.MakeRealTime(Priority, Environment.ProcessorCount - 1);
        string? dds = robot.Driver is Ros2Driver ? Ros2Driver.MakeRealTime(DdsPriority) : null;
        return dds is null ? refused : [.. refused, dds];
    }

    private static OperatorPort OpenOperators(RunDescription run, ControlOptions options, ulong boot)
    {
        IPEndPoint? udp = run.OperatorUdp is { } text ? IPEndPoint.Parse(text) : null;
        return new OperatorPort(SocketPath(options.MemoryName), boot, udp, udp is null ? default : OperatorKey.Load(options.Folder));
    }

    private static int Collections() => GC.CollectionCount(0) + GC.CollectionCount(1) + GC.CollectionCount(2);
}
