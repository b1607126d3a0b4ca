using System.Text;
using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Drivers.Serial.Emulators;

/// <content>What it hears and what it answers.</content>
public sealed partial class EmulatedAutopilot
{
    private const byte Accepted = 0; // MAV_RESULT
    private const byte TemporarilyRejected = 1;
    private const byte Denied = 2;
    private const byte Unsupported = 3;

    private void Handle(in MavlinkFrame frame)
    {
        switch (frame.Id)
        {
            case CommandLong.Id:
                OnCommand(new CommandLong(frame.Payload), frame.SystemId, frame.ComponentId);
                break;
            case ParamRequestRead.Id:
                Report(NameOf(new ParamRequestRead(frame.Payload).ParamId));
                break;
            case ParamSet.Id:
                OnParameterSet(new ParamSet(frame.Payload));
                break;
            case SetAttitudeTarget.Id:
                OnAttitudeTarget(new SetAttitudeTarget(frame.Payload));
                break;
            case SetPositionTargetLocalNed.Id:
                OnPositionTarget(new SetPositionTargetLocalNed(frame.Payload));
                break;
            case Timesync.Id:
                OnTimesync(new Timesync(frame.Payload));
                break;
        }
    }

    private void OnCommand(CommandLong m, byte system, byte component)
    {
        if (m.TargetSystem is not (0 or 1))
            return;
        byte result = m.Command switch
        {
            MavlinkConstants.CommandArmDisarm => m.Param1 >= 0.5f ? Arm() : Disarm(m.Param2),
            MavlinkConstants.CommandDoSetMode => SetMode(m),
            MavlinkConstants.CommandNavTakeoff => Takeoff(m.Param7),
            MavlinkConstants.CommandNavLand => BeginLanding(),
            MavlinkConstants.CommandSetMessageInterval => SetInterval((uint)m.Param1, m.Param2),
            MavlinkConstants.CommandRequestMessage => Request((uint)m.Param1),
            _ => Unsupported,
        };
        Span<byte> payload = stackalloc byte[CommandAck.Length];
        _ = new CommandAck(payload) { Command = m.Command, Result = result, TargetSystem = system, TargetComponent = component };
        _link.Send(CommandAck.Id, payload);
    }

    private byte Arm()
    {
        if (ArmingRefusal is not null)
        {
            Say(ArmingRefusal);
            return Denied;
        }
        if (Mode == EmulatedMode.External && Flavour == AutopilotKind.Px4 && !IsFresh(Value("COM_OF_LOSS_T")))
        {
            Say("Arming denied: no offboard signal");
            return TemporarilyRejected;
        }
        Armed = true;
        return Accepted;
    }

    private byte Disarm(float force)
    {
        if (!_flight.OnGround && force != MavlinkConstants.ForceDisarm)
            return Denied;
        Armed = false;
        return Accepted;
    }

    private byte SetMode(CommandLong m)
    {
        EmulatedMode? mode = Flavour == AutopilotKind.Px4
            ? ((int)m.Param2, (int)m.Param3) switch
            {
                (6, _) => EmulatedMode.External,
                (4, 6) => EmulatedMode.Land,
                (3, _) or (4, 3) => EmulatedMode.Hold,
                (1, _) => EmulatedMode.Manual,
                _ => null,
            }
            : (uint)m.Param2 switch
            {
                MavlinkConstants.CopterGuided => EmulatedMode.External,
                MavlinkConstants.CopterLand => EmulatedMode.Land,
                MavlinkConstants.CopterStabilize => EmulatedMode.Manual,
                5 or 17 => EmulatedMode.Hold,
                _ => null,
            };
        if (mode is null)
            return Unsupported;
        if (mode == EmulatedMode.External && Flavour == AutopilotKind.Px4 && !IsFresh(ProofOfLifeNs / 1e9))
        {
            Say("Offboard refused: no setpoints streamed");
            return TemporarilyRejected;
        }
        if (mode != Mode)
            HoldHere(mode.Value);
        if (mode == EmulatedMode.Land)
            _landedNs = TimeNs;
        return Accepted;
    }

    private byte Takeoff(float height)
    {
        bool px4 = Flavour == AutopilotKind.Px4;
        if (!Armed || (px4 ? float.IsFinite(height) : Mode != EmulatedMode.External))
            return Denied; // PX4 with an altitude above the sea instead of NaN: not imitated, it has no sea
        _takeoffHeight = px4 ? Value("MIS_TAKEOFF_ALT") : height;
        HoldHere(EmulatedMode.Takeoff);
        return Accepted;
    }

    private byte BeginLanding()
    {
        HoldHere(EmulatedMode.Land);
        _landedNs = TimeNs;
        return Accepted;
    }

    private void OnAttitudeTarget(SetAttitudeTarget m)
    {
        if (!TakeSetpoint(m.TargetSystem))
            return;
        bool rates = (m.TypeMask & MavlinkConstants.MaskRates) != 0;
        // Without GUID_OPTIONS bit 3 ArduPilot reads the thrust field as a climb rate (0.5 = none).
        bool climb = Flavour == AutopilotKind.ArduPilot && ((int)Value("GUID_OPTIONS") & 8) == 0;
        _flight.TargetThrust = climb ? HoverThrust * (1 + (0.5 * (m.Thrust - 0.5))) : m.Thrust;
        _flight.TargetRates = new(m.BodyRollRate, -m.BodyPitchRate, -m.BodyYawRate);
        _flight.TargetAttitude = new(m.GetQ(0), m.GetQ(1), -m.GetQ(2), -m.GetQ(3));
        _flight.Target = rates ? EmulatedTarget.Rates : EmulatedTarget.Attitude;
    }

    private void OnPositionTarget(SetPositionTargetLocalNed m)
    {
        if (!TakeSetpoint(m.TargetSystem))
            return;
        if (m.TypeMask == MavlinkConstants.MaskPositionYaw)
        {
            _flight.TargetPosition = new(m.X, -m.Y, -m.Z);
            _flight.TargetYaw = -m.Yaw;
            _flight.Target = EmulatedTarget.Position;
            return;
        }
        if (_flight.Target != EmulatedTarget.Velocity)
            _shaper.Start(_flight.State.LinearVelocity);
        _flight.Target = EmulatedTarget.Velocity;
        _flight.TargetYawRate = -m.YawRate;
        _askedVelocity = new(m.Vx, -m.Vy, -m.Vz);
    }

    // Both firmwares note that set-points flow in any mode and obey them in the external one; ArduPilot not before its take-off.
    private bool TakeSetpoint(byte target)
    {
        if (target is not (0 or 1))
            return false;
        _setpointNs = TimeNs;
        Setpoints++;
        return Mode == EmulatedMode.External && (Flavour == AutopilotKind.Px4 || !_flight.OnGround);
    }

    private void OnParameterSet(ParamSet m)
    {
        string name = NameOf(m.ParamId);
        if (_parameters.TryGetValue(name, out EmulatedParameter? p) && !string.Equals(name, FrozenParameter, StringComparison.Ordinal))
            p.Value = p.IsInteger && Flavour == AutopilotKind.Px4 ? BitConverter.SingleToInt32Bits(m.ParamValue) : m.ParamValue;
        Report(name);
    }

    private void Report(string name)
    {
        if (!_parameters.TryGetValue(name, out EmulatedParameter? p))
            return; // an unknown parameter is not answered
        Span<byte> payload = stackalloc byte[ParamValue.Length];
        var m = new ParamValue(payload)
        {
            ParamCount = (ushort)_parameters.Count,
            ParamType = p.IsInteger ? MavlinkConstants.ParamInt32 : MavlinkConstants.ParamReal32,
            ParamValueValue = p.IsInteger && Flavour == AutopilotKind.Px4 ? BitConverter.Int32BitsToSingle((int)p.Value) : (float)p.Value,
        };
        Encoding.ASCII.GetBytes(name, m.ParamId);
        _link.Send(ParamValue.Id, payload);
    }

    private void OnTimesync(Timesync m)
    {
        if (m.Tc1 != 0)
            return;
        Span<byte> payload = stackalloc byte[Timesync.Length];
        _ = new Timesync(payload) { Tc1 = SinceBootNs, Ts1 = m.Ts1 };
        _link.Send(Timesync.Id, payload);
    }

    private void Say(string words)
    {
        Span<byte> payload = stackalloc byte[Statustext.Length];
        var m = new Statustext(payload) { Severity = 2 };
        Encoding.ASCII.GetBytes(words.AsSpan(0, Math.Min(words.Length, m.Text.Length)), m.Text);
        _link.Send(Statustext.Id, payload);
    }

    private static string NameOf(ReadOnlySpan<byte> id)
    {
        int end = id.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? id : id[..end]);
    }
}
