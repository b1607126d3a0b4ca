using Robotics.Core;
using Robotics.Runtime.Guards;
using Robotics.Safety;

namespace Robotics.Runtime.Composition;

/// <summary>Brings a real robot to rest through its driver before its control process ends: what the cause <see cref="SafetyCauses.Shutdown"/> asks for.</summary>
/// <remarks>
/// <para>A vehicle that knows its ground lands and is disarmed there; one that does not comes to hover, a joint robot to hold, and both are then
/// left to what their device or the limping process does without us; where robot.yaml says <c>reactions: {shutdown: soft_limp}</c>, the robot is let go.
/// Power is never cut in the air.</para>
/// <para>The guards end with the loop: nobody beats from then on, and a watching thread would let a robot go that is held.</para>
/// <para><paramref name="afterLastTick"/> runs just before: waiting for a thread to end allocates, so who counts what the loop allocated counts there.</para>
/// <para>A simulated robot is nowhere to fall from: its loop may end at once, as that of a robot without power may. Control thread; allocates nothing.</para>
/// </remarks>
public sealed class ClosingStop(RobotRig robot, ControlRig control, LoopGuards? guards = null, Action? afterLastTick = null)
{
    private const double LongestS = 60; // from 20 m at 0.5 m/s, braking before it: a stop that takes longer will not end, and the device's own timeout is left
    private const double ReleaseS = 0.5; // of power cut, in which the device is asked again where a message was lost
    private long _begunTick = -1;
    private long _cutTick = -1;

    /// <summary>Asks for the stop and looks how far it is; call before each period from when the process is told to end.</summary>
    /// <returns>True where the loop may end now; its guards have ended then.</returns>
    public bool IsOver()
    {
        if (!HasEnded())
            return false;
        afterLastTick?.Invoke();
        guards?.Dispose();
        return true;
    }

    private bool HasEnded()
    {
        if (robot.IsSimulated)
            return true;
        SafetySupervisor supervisor = robot.Supervisor;
        long tick = control.Loop.Ticks;
        if (_begunTick < 0)
        {
            _begunTick = tick;
            if (supervisor.Action == SafetyAction.PowerCut)
                return true;
        }
        else if (supervisor.Action == SafetyAction.PowerCut)
        {
            _cutTick = _cutTick < 0 ? tick : _cutTick;
            return tick - _cutTick >= ReleaseS * robot.ControlRateHz;
        }
        else if (supervisor.Rest == BaselineRest.Held || tick - _begunTick > LongestS * robot.ControlRateHz)
        {
            return true;
        }
        else if (supervisor.Rest == BaselineRest.Unpowered)
        {
            supervisor.Disarm();
        }
        supervisor.Report(SafetyCauses.Shutdown);
        return false;
    }
}
