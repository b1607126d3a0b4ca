using Robotics.Core;
using Robotics.Runtime.Time;
using Robotics.Safety;

namespace Robotics.Runtime.Guards;

/// <summary>The first of the guards behind the loop (R14): a thread on another core that takes the robot over when the loop stands still.</summary>
/// <remarks>
/// <para>It looks every half control period. After 2.5 periods without a beat, so within three, it writes the limp; after a second without one it
/// takes the power away. Where the loop comes back, it finds itself stopped: the cause <see cref="SafetyCauses.Watchdog"/> latches until a person
/// disarms. One skipped tick trips nothing.</para>
/// <para>It shares the process, so it cannot help where the whole process stands still (killed, stopped, a collection): then the device's own
/// command timeout protects. Allocates nothing after start.</para>
/// </remarks>
public sealed class WatchingThread : IDisposable
{
    private const double StallPeriods = 2.5; // R14: safe output within 3 periods, and the look itself comes up to half a period late
    private const long CutAfterNs = 1_000_000_000; // limp first: a vehicle that sinks level for a second hits softer than one that drops
    private const int AlivePeriods = 50; // looks that may fail to happen on a busy machine before the thread counts as dead

    private readonly IClock _clock;
    private readonly LoopWatchdog _watchdog;
    private readonly SafetyBackstop _backstop;
    private readonly IRobotDriver _driver;
    private readonly SafetySupervisor _supervisor;
    private readonly long _periodNs;
    private readonly bool _acts;
    private Thread? _thread;
    private bool _stop;
    private bool _stalled;
    private long _lookedNs = long.MinValue;
    private long _trips;
    private long _longestStallNs;

    /// <summary>A watch over the loop of <paramref name="supervisor"/>; looks at nothing before <see cref="Start"/>.</summary>
    /// <param name="clock">The loop's clock.</param>
    /// <param name="supervisor">Gets the cause, and gives the backstop. The loop must not run yet.</param>
    /// <param name="driver">A <see cref="DriverGate"/> where the control thread uses it too.</param>
    /// <param name="periodNs">Control period, ns.</param>
    /// <param name="acts">False to count stalls only: a simulated robot on a machine without real-time rights.</param>
    public WatchingThread(IClock clock, SafetySupervisor supervisor, IRobotDriver driver, long periodNs, bool acts)
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _supervisor = supervisor ?? throw new ArgumentNullException(nameof(supervisor));
        _driver = driver ?? throw new ArgumentNullException(nameof(driver));
        _watchdog = new LoopWatchdog((long)(StallPeriods * periodNs));
        _backstop = supervisor.CreateBackstop(CutAfterNs);
        _periodNs = periodNs;
        _acts = acts;
    }

    /// <summary>Stalls seen since start. Any thread.</summary>
    public long Trips => Volatile.Read(ref _trips);

    /// <summary>Longest stall seen, ns since the loop's last beat. Any thread.</summary>
    public long LongestStallNs => Volatile.Read(ref _longestStallNs);

    /// <summary>True where the thread looked lately: the arming check <see cref="ArmingChecks.Watchdog"/>. Any thread.</summary>
    public bool IsAlive(long nowNs)
    {
        long looked = Volatile.Read(ref _lookedNs);
        return looked != long.MinValue && nowNs - looked < AlivePeriods * _periodNs;
    }

    /// <summary>True between <see cref="Start"/> and <see cref="Dispose"/>.</summary>
    public bool IsRunning => _thread is { IsAlive: true };

    /// <summary>The loop turned. Control thread, once per tick.</summary>
    public void Beat(long nowNs) => _watchdog.Beat(nowNs);

    /// <summary>Starts the thread on <paramref name="core"/> (-1: any) at <paramref name="priority"/>, above the loop's.</summary>
    public void Start(int priority, int core)
    {
        _thread = new Thread(() => Watch(priority, core)) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>One look. The thread's own; tests call it with a time of their choice.</summary>
    /// <returns>True where the loop stands still.</returns>
    public bool Look(long nowNs)
    {
        Volatile.Write(ref _lookedNs, nowNs);
        if (!_watchdog.IsStalled(nowNs))
        {
            _stalled = false;
            return false;
        }
        long stalledForNs = _watchdog.SinceBeatNs(nowNs);
        if (stalledForNs > _longestStallNs)
            Volatile.Write(ref _longestStallNs, stalledForNs);
        if (!_stalled)
            Volatile.Write(ref _trips, _trips + 1);
        _stalled = true;
        if (!_acts || _supervisor.Arming == ArmingState.Disarmed)
            return true;
        _supervisor.Report(SafetyCauses.Watchdog);
        _driver.Write(_backstop.Command(stalledForNs, nowNs));
        return true;
    }

    /// <summary>Ends the thread: as soon as nobody beats any more, and before the driver is disposed. Again it does nothing.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stop, true);
        _thread?.Join();
    }

    private void Watch(int priority, int core)
    {
        LinuxRealTime.MakeRealTime(priority, core); // what is refused here was refused to the control thread too, which says so
        long dueNs = _clock.NowNs;
        while (!Volatile.Read(ref _stop))
        {
            dueNs = Math.Max(dueNs + (_periodNs / 2), _clock.NowNs);
            LinuxRealTime.SleepUntil(dueNs);
            Look(_clock.NowNs);
        }
    }
}
