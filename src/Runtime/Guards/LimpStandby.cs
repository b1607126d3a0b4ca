using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Guards;

/// <summary>The word that a limping process gives of itself in shared memory, and what the control process makes of it: arming without it is refused (R16).</summary>
/// <remarks>One page below /dev/shm (docs/formats/shared-memory.md): time of the last beat, when control left its loop in order, and who beats. Neither side blocks or allocates.</remarks>
public sealed unsafe class LimpStandby : ICycleGuest, IDisposable
{
    private const long FreshNs = 200_000_000; // forty beats
    private const long LeaveNs = 2_000_000_000; // a process ends within some hundred ms
    private const int PageBytes = 4096;
    private const int PidOffset = 16;
    private readonly SharedRegion _region;
    private readonly IClock _clock;
    private readonly SafetySupervisor? _supervisor;
    private int _allowed;

    /// <summary>Of the robot whose shared memory is called <paramref name="memoryName"/>; with a <paramref name="supervisor"/> it confirms the arming check.</summary>
    public LimpStandby(string memoryName, IClock clock, SafetySupervisor? supervisor = null)
    {
        _region = SharedRegion.OpenOrCreate(PathOf(memoryName), PageBytes);
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _supervisor = supervisor;
    }

    /// <summary>True where the other process spoke within the last 200 ms.</summary>
    public bool IsAlive => _clock.NowNs - Volatile.Read(ref *(long*)_region.Pointer) is >= 0 and < FreshNs;

    /// <summary>True where control left its loop in order within the last two seconds: that it is silent is no sign of hanging.</summary>
    public bool HasLeft => _clock.NowNs - Volatile.Read(ref *(long*)(_region.Pointer + sizeof(long))) is >= 0 and < LeaveNs;

    /// <summary>File of the page.</summary>
    public static string PathOf(string memoryName) => $"/dev/shm/robotics-{memoryName}.limp";

    /// <summary>The limping process stands by.</summary>
    public void Beat()
    {
        *(int*)(_region.Pointer + PidOffset) = Environment.ProcessId;
        Volatile.Write(ref *(long*)_region.Pointer, _clock.NowNs);
    }

    /// <summary>Control left its loop in order and is about to end.</summary>
    public void Leave() => Volatile.Write(ref *(long*)(_region.Pointer + sizeof(long)), _clock.NowNs);

    /// <inheritdoc/>
    /// <remarks>The first time it hears of a limping process it lets that one share the port.</remarks>
    public void OnPeriod(ControlStatus status)
    {
        bool alive = IsAlive;
        _supervisor?.Confirm(ArmingChecks.LimpProcess, alive);
        int process = *(int*)(_region.Pointer + PidOffset);
        if (!alive || process == _allowed)
            return;
        _allowed = process;
        SharedPort.Allow(process);
    }

    /// <inheritdoc/>
    public void Dispose() => _region.Dispose();
}
