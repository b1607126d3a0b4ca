using System.Runtime;
using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Processes;

/// <summary>The control process: one real-time thread over the shared memory. Everything is allocated before the first tick, nothing after.</summary>
internal sealed class ControlProcess : IDisposable
{
    private const int Priority = 80; // above ros2_control's 50 and below the kernel's own watchdog threads; docs/adr/0001

    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory;
    private readonly ControlRig _control;
    private readonly RealTimePacer _pacer;
    private readonly DatagramSocket _socket;
    private readonly OperatorInbox _inbox;
    private readonly byte[] _datagram = new byte[128];
    private readonly float[] _distance;
    private ControlStatus _status;
    private long _missed;
    private long _firstTickNs;
    private int _flown;

    /// <summary>Everything the flight needs, before the first tick.</summary>
    /// <param name="run">The run.</param>
    /// <param name="memoryName">Name of the shared memory, the same as the agent's.</param>
    /// <param name="seconds">Seconds to fly; infinite for until told to stop.</param>
    /// <param name="hover">One flight at the target instead of the task's episodes.</param>
    /// <param name="robotOverrides">Assignments for robot.yaml.</param>
    public ControlProcess(RunDescription run, string memoryName, double seconds, bool hover, IReadOnlyList<string> robotOverrides)
    {
        Rehearsal.Run(run, robotOverrides);
        _robot = RobotRig.Load(run, MonotonicClock.Instance, robotOverrides);
        _memory = EdgeMemory.Open(memoryName);
        ulong boot = (ulong)WallClock.UtcNow.UtcTicks;
        _control = new ControlRig(_robot, MonotonicClock.Instance, _memory, boot, new FlightOptions { FlyOn = hover, Explore = !hover, Outside = hover ? [] : _robot.People() });
        _pacer = new RealTimePacer(MonotonicClock.Instance, _robot.PeriodNs);
        _socket = DatagramSocket.BindLocal(SocketPath(memoryName));
        _inbox = new OperatorInbox(boot, ReadOnlyMemory<byte>.Empty);
        int samples = double.IsFinite(seconds) ? (int)Math.Min(1_000_000, seconds * _robot.ControlRateHz) : 0;
        _distance = new float[samples];
        TicksToFly = double.IsFinite(seconds) ? (long)(seconds * _robot.ControlRateHz) : long.MaxValue;
    }

    /// <summary>The first exception inside a tick; null for none.</summary>
    public Exception? Fault => _control.Loop.Fault;

    /// <summary>Ticks under a policy after which the process ends.</summary>
    public long TicksToFly { get; }

    /// <summary>Where operator datagrams go.</summary>
    public static string SocketPath(string memoryName) => $"/dev/shm/robotics-{memoryName}.sock";

    /// <summary>Flies on the calling thread, which becomes a real-time thread where the machine allows it.</summary>
    public ControlResult Run(CancellationToken cancellation)
    {
        IReadOnlyList<string> degraded = LinuxRealTime.MakeRealTime(Priority, Environment.ProcessorCount - 1);
        foreach (string line in degraded)
            Console.Error.WriteLine($"robotics control: degraded: {line}");
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        Tick(); // the first tick, still disarmed, makes what is made once (native call stubs)
        int collections = Collections();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        while (_flown < TicksToFly && !cancellation.IsCancellationRequested)
            Tick();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new ControlResult
        {
            Ticks = _control.Loop.Ticks,
            MissedPeriods = _missed,
            Recorded = _control.Recorded,
            Dropped = _memory.Records.Dropped,
            AllocatedBytes = allocated,
            Collections = Collections() - collections,
            FirstTickNs = _firstTickNs,
            PeriodNs = _robot.PeriodNs,
            DistanceM = _distance,
            Degraded = degraded,
            CpuSeconds = CpuTime.ProcessSeconds,
        };
    }

    public void Dispose()
    {
        _socket.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    private void Tick()
    {
        int missed = _pacer.WaitForNextTick();
        ObeyOperator();
        _control.Loop.Tick();
        if (_control.IsFlying)
            Count(missed);
        _control.Describe(ref _status, _robot, _missed, _flown * _robot.PeriodNs);
        _status.PutInto(_memory.Status);
    }

    private void Count(int missed)
    {
        if (_flown == 0)
            _firstTickNs = MonotonicClock.Instance.NowNs;
        else
            _missed += missed;
        if (_flown < _distance.Length)
            _distance[_flown] = (float)_control.Loop.DistanceToTarget;
        _flown++;
    }

    // Served by the control thread itself, between two ticks: works with agent and learner dead.
    private void ObeyOperator()
    {
        int length = _socket.TryReceive(_datagram);
        if (length < 0)
            return;
        switch (_inbox.Accept(_datagram.AsSpan(0, length)))
        {
            case OperatorVerb.EmergencyStop:
                _robot.Supervisor.EmergencyStop();
                break;
            case OperatorVerb.Acknowledge:
                _robot.Supervisor.ReleaseEmergencyStop();
                _robot.Supervisor.Disarm();
                break;
            case OperatorVerb.Disarm:
                _control.MayArm = false;
                _robot.Supervisor.Disarm();
                break;
            case OperatorVerb.Arm:
                _control.MayArm = true;
                _control.TryArm();
                break;
            default:
                break;
        }
    }

    private static int Collections() => GC.CollectionCount(0) + GC.CollectionCount(1) + GC.CollectionCount(2);
}
