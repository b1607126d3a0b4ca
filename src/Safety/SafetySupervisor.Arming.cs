using Robotics.Core;

namespace Robotics.Safety;

/// <content>Arming, disarming, emergency stop.</content>
public sealed partial class SafetySupervisor
{
    private ArmingState _arming;
    private ArmingChecks _confirmed;
    private bool _baselineValidated;
    private bool _requestSeenOpen = true;
    private bool _emergencyStopHeld;

    /// <summary>Whether the robot may move.</summary>
    public ArmingState Arming => _arming;

    /// <summary>True while a latch waits for a person.</summary>
    public bool Latched => _arming == ArmingState.Latched;

    /// <summary>Confirms or withdraws checks that the supervisor cannot make itself (policy, device, disk, recorder, clock, ...).</summary>
    /// <remarks>The checks that the supervisor makes itself cannot be confirmed from outside.</remarks>
    public void Confirm(ArmingChecks checks, bool ok)
    {
        ArmingChecks outside = checks & ~(ArmingSettings.Always | ArmingChecks.FreshRequest);
        _confirmed = ok ? _confirmed | outside : _confirmed & ~outside;
    }

    /// <summary>Arms where every required check holds. An explicit act: never call it from a loop that repeats it by itself.</summary>
    /// <param name="missing">The checks that failed, and only those.</param>
    public bool TryArm(out ArmingChecks missing)
    {
        missing = _settings.Arming.Required & ~(_confirmed | OwnChecks());
        if (_arming == ArmingState.Armed || missing != ArmingChecks.None)
            return _arming == ArmingState.Armed && missing == ArmingChecks.None;
        _limiter.Seed(_emitted);
        _state = default;
        _clampShare.Clear();
        _arming = ArmingState.Armed;
        return true;
    }

    /// <summary>The arm switch as a level, for switches and buttons: arms at the moment it closes, and after a refusal only when it was open in between (R18).</summary>
    public bool RequestArm(bool pressed, out ArmingChecks missing)
    {
        missing = ArmingChecks.None;
        if (!pressed)
        {
            _requestSeenOpen = true;
            return false;
        }
        if (!_requestSeenOpen)
        {
            missing = ArmingChecks.FreshRequest;
            return false;
        }
        _requestSeenOpen = false;
        return TryArm(out missing);
    }

    /// <summary>Takes power away and clears latches; an emergency stop that is still held latches again at once.</summary>
    public void Disarm()
    {
        _arming = ArmingState.Disarmed;
        _state = _rules.AfterDisarm(_state);
    }

    /// <summary>Stops now, in the running or next tick, and latches. Any thread.</summary>
    public void EmergencyStop() => Volatile.Write(ref _emergencyStopHeld, true);

    /// <summary>Lets the emergency stop go. Never moves the robot: it stays latched until disarmed, and disarmed until armed. Any thread.</summary>
    public void ReleaseEmergencyStop() => Volatile.Write(ref _emergencyStopHeld, false);

    private ArmingChecks OwnChecks()
    {
        ArmingChecks own = _settings.Sample.Complete && _settings.Command.Complete ? ArmingChecks.Limits : ArmingChecks.None;
        if (_baselineValidated)
            own |= ArmingChecks.Baseline;
        const SafetyCauses ofSample =
            SafetyCauses.StaleSample | SafetyCauses.NonFiniteSample | SafetyCauses.DriverFault | SafetyCauses.SampleTime | SafetyCauses.StuckSensor;
        if ((_stateFlags & ofSample) == 0 && _inspectedTick > 0)
            own |= ArmingChecks.Sample;
        bool held = Volatile.Read(ref _emergencyStopHeld) || _arming == ArmingState.Latched;
        if (!held && (_stateFlags & ~ofSample) == 0 && (_state.Latched & _rules.Table.ClearNever) == 0)
            own |= ArmingChecks.Clear;
        return own;
    }
}
