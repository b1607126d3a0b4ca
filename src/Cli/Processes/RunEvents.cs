using Robotics.Core;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Cli.Processes;

/// <summary>What the person who started <c>robotics run</c> reads of the flight: the supervisor's action whenever it changes, and what the device says.</summary>
internal sealed class RunEvents : IDisposable
{
    private readonly EdgeMemory _memory;
    private readonly Action<string> _say;
    private ControlStatus _status;
    private SafetyAction _told = SafetyAction.PowerCut;
    private ulong _boot;

    /// <summary>Of the robot whose shared memory is called <paramref name="memoryName"/>; <paramref name="say"/> prints a line.</summary>
    public RunEvents(string memoryName, Action<string> say)
    {
        _say = say;
        _memory = EdgeMemory.Open(memoryName);
        _memory.Device.Skip(); // an earlier life's words
        ControlStatus earlier = default;
        if (ControlStatus.TryTakeFrom(_memory.Status, ref earlier))
            _boot = earlier.Boot;
    }

    /// <summary>Prints what is new.</summary>
    public void Tell()
    {
        if (DeviceReport.TryTakeFrom(_memory.Device, out DeviceReport report))
            _say($"{WallClock.UtcNow:O} device: {report.Text}");
        if (!ControlStatus.TryTakeFrom(_memory.Status, ref _status) || _status.Boot == _boot)
            return;
        SafetyAction action = _status.Action <= SafetyAction.Clamp ? SafetyAction.Nominal : _status.Action; // a clamped command comes and goes
        if (action == _told)
            return;
        _told = action;
        _say($"{WallClock.UtcNow:O} {_status.Arming.ToString().ToLowerInvariant()}, {SafetyNames.Of(action)}; causes: {SafetyNames.List(_status.Causes)}");
    }

    public void Dispose() => _memory.Dispose();
}
