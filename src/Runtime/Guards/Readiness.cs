using System.Runtime.InteropServices;
using Robotics.Core;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Safety;

namespace Robotics.Runtime.Guards;

/// <summary>Confirms, or withdraws, the arming checks that speak of device, clock, disk and learner.</summary>
/// <remarks>What may block (the file system) is asked once a second by an ordinary thread; the control thread only looks at flags. Neither
/// allocates after start. A check that nobody can confirm stays unconfirmed, so a robot that asks for it does not arm.</remarks>
public sealed partial class Readiness : IDisposable
{
    private const long LookEveryNs = 1_000_000_000;
    private const long AgentSilenceNs = 2_000_000_000; // the agent speaks every few ms; two seconds are a dead or hanging one
    private const long NeededBytes = 1L << 30; // a gibibyte: an hour of records with small images, many of flight records alone
    private static readonly DateTimeOffset s_plausible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); // no earlier flight of this code: a clock before is unset

    private readonly SafetySupervisor _supervisor;
    private readonly IDeviceReadiness? _device;
    private readonly bool _simulated;
    private readonly Mailbox _agent;
    private readonly DeviceReporter? _reporter;
    private readonly byte[] _path;
    private readonly Thread _thread;
    private AgentStatus _status;
    private bool _diskOk;
    private bool _clockOk;
    private bool _deviceWasReady;
    private bool _stop;

    /// <summary>Readiness of <paramref name="driver"/>'s robot.</summary>
    /// <param name="supervisor">Gets the confirmations.</param>
    /// <param name="driver">The robot's own driver.</param>
    /// <param name="agent">The agent's word about itself.</param>
    /// <param name="recordFolder">Where the agent records.</param>
    /// <param name="reporter">Tells people what the device says of itself; null for a robot without one.</param>
    public Readiness(SafetySupervisor supervisor, IRobotDriver driver, Mailbox agent, string recordFolder, DeviceReporter? reporter = null)
    {
        _supervisor = supervisor ?? throw new ArgumentNullException(nameof(supervisor));
        _device = driver as IDeviceReadiness;
        _simulated = driver is IResettableRobot;
        _agent = agent ?? throw new ArgumentNullException(nameof(agent));
        _path = [.. System.Text.Encoding.UTF8.GetBytes(ExistingPart(recordFolder)), 0];
        _reporter = reporter;
        Look();
        _thread = new Thread(Watch) { IsBackground = true, Name = "readiness", Priority = ThreadPriority.BelowNormal };
    }

    /// <summary>Starts the thread that asks the file system.</summary>
    public void Start() => _thread.Start();

    /// <summary>Tells the supervisor. Control thread, once per tick.</summary>
    public void Confirm(long nowNs)
    {
        ConfirmDevice();
        AgentStatus.TryTakeFrom(_agent, ref _status);
        _supervisor.Confirm(ArmingChecks.Disk, Volatile.Read(ref _diskOk));
        _supervisor.Confirm(ArmingChecks.Clock, Volatile.Read(ref _clockOk));
        bool agentSpeaks = _status.TimeNs != 0 && nowNs - _status.TimeNs < AgentSilenceNs;
        _supervisor.Confirm(ArmingChecks.Learner, agentSpeaks && _status.LearnerConnected != 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _stop, true);
        if (_thread.IsAlive)
            _thread.Join();
    }

    // Equations are always the declared device, need no timeout and carry their calibration in robot.yaml. A real device is confirmed when it
    // is asked for, at arming; here it is watched.
    private void ConfirmDevice()
    {
        if (_simulated)
            _supervisor.Confirm(ArmingChecks.DeviceIdentity | ArmingChecks.DeviceTimeout | ArmingChecks.Calibration, true);
        if (_device is null)
            return;
        bool ready = _device.IsReady;
        if (_deviceWasReady && !ready && _supervisor.Arming == ArmingState.Armed)
            _supervisor.Report(SafetyCauses.DeviceMismatch);
        _deviceWasReady = ready;
    }

    private void Watch()
    {
        long dueNs = MonotonicClock.Instance.NowNs;
        while (!Volatile.Read(ref _stop))
        {
            Look();
            const long step = 50_000_000; // so that Dispose does not wait for a whole second
            dueNs += LookEveryNs;
            while (MonotonicClock.Instance.NowNs < dueNs && !Volatile.Read(ref _stop))
            {
                _reporter?.Look();
                LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + step);
            }
        }
    }

    private unsafe void Look()
    {
        FileSystemStatus status = default;
        int result;
        fixed (byte* path = _path)
            result = StatVfs(path, &status);
        Volatile.Write(ref _diskOk, result == 0 && status.FragmentBytes * status.FreeForUser > NeededBytes);
        Volatile.Write(ref _clockOk, WallClock.UtcNow > s_plausible && MonotonicClock.Instance.NowNs > 0);
    }

    // The folder may not exist yet: the agent makes it.
    private static string ExistingPart(string folder)
    {
        string path = Path.GetFullPath(folder);
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        return path;
    }

    // struct statvfs of 64-bit Linux (sys/statvfs.h), up to what is used, padded to its 112 bytes.
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    private struct FileSystemStatus
    {
        public ulong BlockBytes;
        public long FragmentBytes;
        public ulong Blocks;
        public ulong Free;
        public long FreeForUser;
    }

    [LibraryImport("libc", EntryPoint = "statvfs")]
    private static unsafe partial int StatVfs(byte* path, FileSystemStatus* status);
}
