using System.Globalization;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A flight controller that exists only as a program: MAVLink on its link, our quadrotor's physics behind it.</summary>
/// <remarks>Reproduces what PX4 (main of 2026-08) and ArduCopter (4.6-dev) were measured to do when set-points stop: PX4 leaves OFFBOARD
/// after COM_OF_LOSS_T for the mode of COM_OBL_RC_ACT, ArduPilot stays in GUIDED and stops after GUID_TIMEOUT. Time is its own: it moves
/// only in <see cref="AdvanceTo"/>, so runs are repeatable. One thread.</remarks>
public sealed partial class EmulatedAutopilot : IEmulatedDevice
{
    private const long StepNs = (long)(EmulatedFlight.StepS * 1e9);
    private const long LandedDisarmNs = 2_000_000_000; // COM_DISARM_LAND 2 s
    private const long ProofOfLifeNs = 500_000_000; // more than 2 Hz
    private const double TakeoffSpeed = 1.0; // m/s, PILOT_SPEED_UP / MPC_TKO_SPEED 1.5
    private const double LandSpeed = 0.7; // m/s, MPC_LAND_SPEED
    private readonly MavlinkLink _link;
    private readonly EmulatedFlight _flight;
    private readonly VelocityShaper _shaper;
    private readonly Dictionary<string, EmulatedParameter> _parameters;
    private long _setpointNs = long.MinValue;
    private long _landedNs = long.MinValue;
    private long _bootNs;
    private double _takeoffHeight;
    private Vector3<double> _askedVelocity;
    private bool _timedOut;

    /// <summary>An autopilot of <paramref name="flavour"/> flying <paramref name="airframe"/>, on the device end <paramref name="stream"/>.</summary>
    public EmulatedAutopilot(AutopilotKind flavour, QuadrotorParameters airframe, IByteStream stream)
    {
        Flavour = flavour;
        _link = new MavlinkLink(stream, 1, MavlinkConstants.AutopilotComponent);
        _flight = new EmulatedFlight(airframe);
        // PX4: MPC_ACC_HOR 3 m/s2, MPC_JERK_AUTO 4 m/s3. ArduPilot: WPNAV_ACCEL 2.5 m/s2, PSC_JERK_XY 5 m/s3.
        _shaper = flavour == AutopilotKind.Px4 ? new VelocityShaper(3, 4) : new VelocityShaper(2.5, 5);
        _parameters = EmulatedParameter.Defaults(flavour);
        StartTelemetry();
    }

    /// <summary>Which firmware is imitated.</summary>
    public AutopilotKind Flavour { get; }

    /// <summary>Nanoseconds on the emulator's own time line.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Mode in force.</summary>
    public EmulatedMode Mode { get; private set; } = EmulatedMode.Manual;

    /// <summary>True while motors turn.</summary>
    public bool Armed { get; private set; }

    /// <summary>Parameter whose writes are ignored, as a firmware does that clamps or forgets: a fault option.</summary>
    public string? FrozenParameter { get; set; }

    /// <summary>Where set, arming is refused with these words.</summary>
    public string? ArmingRefusal { get; set; }

    /// <summary>Position in the world north-west-up, m.</summary>
    public Vector3<double> Position => _flight.State.Position;

    /// <summary>Velocity in the world, m/s.</summary>
    public Vector3<double> Velocity => _flight.State.LinearVelocity;

    /// <summary>Set-points accepted so far.</summary>
    public long Setpoints { get; private set; }

    /// <summary>Frames that arrived and were not valid.</summary>
    public long CheckFailures => _link.Received.CheckFailures;

    /// <summary>Throttle that hovers, 0..1.</summary>
    public double HoverThrust => _flight.HoverThrust;

    /// <inheritdoc/>
    public void AdvanceTo(long timeNs)
    {
        while (TimeNs + StepNs <= timeNs)
        {
            TimeNs += StepNs;
            _link.BeginTick();
            while (_link.TryReceive(out MavlinkFrame frame))
                Handle(frame);
            Decide();
            _flight.Step(Armed);
            SendTelemetry();
        }
    }

    /// <inheritdoc/>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{{\"mode\":\"{Mode}\",\"armed\":{(Armed ? "true" : "false")},\"position\":[{Position.X:F3},{Position.Y:F3},{Position.Z:F3}],\"velocity\":[{Velocity.X:F3},{Velocity.Y:F3},{Velocity.Z:F3}],\"setpoints\":{Setpoints},\"check_failures\":{CheckFailures}}}");

    /// <inheritdoc/>
    /// <remarks>Its clock begins at 0 and the motors stop.</remarks>
    public void Restart()
    {
        _bootNs = TimeNs;
        Mode = EmulatedMode.Manual;
        Armed = false;
        _setpointNs = long.MinValue;
        foreach (EmulatedParameter p in _parameters.Values)
            p.Restore();
        StartTelemetry();
    }

    /// <summary>A pilot takes the sticks: leaves the external mode.</summary>
    public void PilotTakesOver() => Mode = EmulatedMode.Hold;

    private long SinceBootNs => TimeNs - _bootNs;

    private double Value(string name) => _parameters[name].Value;

    private bool IsFresh(double ageS) => _setpointNs != long.MinValue && TimeNs - _setpointNs <= (long)(ageS * 1e9);

    private void Decide()
    {
        CheckFence();
        switch (Mode)
        {
            case EmulatedMode.External when Flavour == AutopilotKind.Px4:
                if (Armed && !IsFresh(Value("COM_OF_LOSS_T")))
                    Px4LostSetpoints();
                break;
            case EmulatedMode.External:
                CopterTimeout();
                break;
            case EmulatedMode.Takeoff:
                Fly(new(0, 0, TakeoffSpeed));
                if (_flight.State.Position.Z >= _takeoffHeight - 0.1)
                    HoldHere(Flavour == AutopilotKind.Px4 ? EmulatedMode.Hold : EmulatedMode.External);
                break;
            case EmulatedMode.Hold:
                Fly(default);
                break;
            case EmulatedMode.Land:
                Land();
                break;
        }
        FollowShaped();
    }

    private void Px4LostSetpoints()
    {
        int action = (int)Value("COM_OBL_RC_ACT");
        if (action is 6 or 7)
            Armed = false;
        HoldHere(action == 4 ? EmulatedMode.Land : EmulatedMode.Hold);
    }

    // GUIDED survives a loss of set-points: velocities decay to zero, attitude and rates to level.
    private void CopterTimeout()
    {
        bool lost = Armed && !_flight.OnGround && !IsFresh(Value("GUID_TIMEOUT"));
        if (lost && !_timedOut)
            HoldHere(EmulatedMode.External);
        _timedOut = lost;
        if (lost)
            Fly(default);
    }

    private void CheckFence()
    {
        double radius = Value(Flavour == AutopilotKind.Px4 ? "GF_MAX_HOR_DIST" : "FENCE_RADIUS");
        Vector3<double> p = _flight.State.Position;
        if (Mode == EmulatedMode.External && radius > 0 && (p.X * p.X) + (p.Y * p.Y) > radius * radius)
        {
            Say("Geofence breached");
            HoldHere(EmulatedMode.Hold);
        }
    }

    private void Land()
    {
        Fly(new(0, 0, -LandSpeed));
        if (!_flight.OnGround)
            _landedNs = TimeNs;
        else if (TimeNs - _landedNs > LandedDisarmNs)
            Armed = false;
    }

    private void HoldHere(EmulatedMode mode)
    {
        Mode = mode;
        _shaper.Start(_flight.State.LinearVelocity);
        _flight.TargetYaw = EmulatedFlight.YawOf(_flight.State.Orientation);
        Fly(default);
    }

    private void Fly(Vector3<double> velocity)
    {
        _flight.Target = EmulatedTarget.Velocity;
        _flight.TargetYawRate = 0;
        _askedVelocity = velocity;
    }

    // PX4 passes external velocities through; ArduPilot shapes them too. Both shape their own braking.
    private void FollowShaped()
    {
        if (_flight.Target != EmulatedTarget.Velocity)
            return;
        bool raw = Mode == EmulatedMode.External && Flavour == AutopilotKind.Px4;
        if (raw)
            _shaper.Start(_askedVelocity);
        else
            _shaper.Step(_askedVelocity, EmulatedFlight.StepS);
        _flight.TargetVelocity = _shaper.Velocity;
    }
}
