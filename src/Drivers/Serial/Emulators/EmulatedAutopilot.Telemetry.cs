using Robotics.Drivers.Serial.Mavlink;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <content>What it says unasked, at the rates it was asked for.</content>
public sealed partial class EmulatedAutopilot
{
    private const long HeartbeatNs = 1_000_000_000;
    private readonly Dictionary<uint, (long PeriodNs, long DueNs)> _intervals = [];

    private void StartTelemetry()
    {
        _intervals.Clear();
        _intervals[Heartbeat.Id] = (HeartbeatNs, TimeNs);
        _intervals[LocalPositionNed.Id] = (HeartbeatNs / 4, TimeNs);
        _intervals[AttitudeQuaternion.Id] = (HeartbeatNs / 4, TimeNs);
    }

    private byte SetInterval(uint id, float periodUs)
    {
        bool known = id is AttitudeQuaternion.Id or LocalPositionNed.Id or ExtendedSysState.Id
            || (Flavour == AutopilotKind.Px4 && id is HighresImu.Id or Odometry.Id);
        if (!known)
            return Unsupported;
        _intervals[id] = periodUs <= 0 ? (long.MaxValue / 2, long.MaxValue / 2) : (Math.Max(StepNs, (long)(periodUs * 1000)), TimeNs);
        return Accepted;
    }

    private byte Request(uint id)
    {
        if (id != AutopilotVersion.Id)
            return Unsupported;
        Span<byte> payload = stackalloc byte[AutopilotVersion.Length];
        bool px4 = Flavour == AutopilotKind.Px4;
        _ = new AutopilotVersion(payload)
        {
            Capabilities = px4 ? MavlinkConstants.CapabilityParamBytewise : MavlinkConstants.CapabilityParamCast,
            FlightSwVersion = px4 ? 0x01100000u : 0x04060000u,
        };
        _link.Send(AutopilotVersion.Id, payload);
        return Accepted;
    }

    private void SendTelemetry()
    {
        foreach ((uint id, (long period, long due)) in _intervals)
        {
            if (TimeNs < due)
                continue;
            _intervals[id] = (period, due + period);
            Emit(id);
        }
    }

    private void Emit(uint id)
    {
        Span<byte> payload = stackalloc byte[Odometry.Length];
        int length = id switch
        {
            Heartbeat.Id => WriteHeartbeat(payload),
            AttitudeQuaternion.Id => WriteAttitude(payload),
            LocalPositionNed.Id => WritePosition(payload),
            HighresImu.Id => WriteImu(payload),
            Odometry.Id => WriteOdometry(payload),
            _ => WriteLanded(payload),
        };
        _link.Send(id, payload[..length]);
    }

    private int WriteHeartbeat(Span<byte> payload)
    {
        _ = new Heartbeat(payload)
        {
            CustomMode = CustomMode(),
            Type = MavlinkConstants.TypeQuadrotor,
            Autopilot = (byte)Flavour,
            BaseMode = (byte)(MavlinkConstants.CustomModeFlag | (Armed ? MavlinkConstants.ArmedFlag : 0)),
            SystemStatus = Armed ? MavlinkConstants.StateActive : MavlinkConstants.StateStandby,
            MavlinkVersion = MavlinkConstants.ProtocolVersion,
        };
        return Heartbeat.Length;
    }

    private uint CustomMode() =>
        (Mode, Flavour) switch
        {
            (EmulatedMode.External, AutopilotKind.Px4) => MavlinkConstants.Px4Offboard,
            (EmulatedMode.Takeoff, AutopilotKind.Px4) => MavlinkConstants.Px4AutoTakeoff,
            (EmulatedMode.Hold, AutopilotKind.Px4) => MavlinkConstants.Px4AutoLoiter,
            (EmulatedMode.Land, AutopilotKind.Px4) => MavlinkConstants.Px4AutoLand,
            (_, AutopilotKind.Px4) => 1u << 16,
            (EmulatedMode.External or EmulatedMode.Takeoff, _) => MavlinkConstants.CopterGuided,
            (EmulatedMode.Land, _) => MavlinkConstants.CopterLand,
            (EmulatedMode.Hold, _) => 17, // BRAKE
            _ => MavlinkConstants.CopterStabilize,
        };

    private int WriteAttitude(Span<byte> payload)
    {
        Quaternion<double> q = _flight.State.Orientation;
        Vector3<double> w = _flight.State.AngularVelocity;
        _ = new AttitudeQuaternion(payload)
        {
            TimeBootMs = (uint)(SinceBootNs / 1_000_000),
            Q1 = (float)q.W,
            Q2 = (float)q.X,
            Q3 = (float)-q.Y,
            Q4 = (float)-q.Z,
            Rollspeed = (float)w.X,
            Pitchspeed = (float)-w.Y,
            Yawspeed = (float)-w.Z,
        };
        return AttitudeQuaternion.Length;
    }

    private int WritePosition(Span<byte> payload)
    {
        Vector3<double> p = _flight.State.Position;
        Vector3<double> v = _flight.State.LinearVelocity;
        _ = new LocalPositionNed(payload)
        {
            TimeBootMs = (uint)(SinceBootNs / 1_000_000),
            X = (float)p.X,
            Y = (float)-p.Y,
            Z = (float)-p.Z,
            Vx = (float)v.X,
            Vy = (float)-v.Y,
            Vz = (float)-v.Z,
        };
        return LocalPositionNed.Length;
    }

    private int WriteImu(Span<byte> payload)
    {
        Vector3<double> w = _flight.State.AngularVelocity;
        Vector3<double> a = _flight.SpecificForce;
        _ = new HighresImu(payload)
        {
            TimeUsec = (ulong)(SinceBootNs / 1000),
            Xgyro = (float)w.X,
            Ygyro = (float)-w.Y,
            Zgyro = (float)-w.Z,
            Xacc = (float)a.X,
            Yacc = (float)-a.Y,
            Zacc = (float)-a.Z,
            FieldsUpdated = 0x3F,
        };
        return HighresImu.Length;
    }

    private int WriteOdometry(Span<byte> payload)
    {
        Quaternion<double> q = _flight.State.Orientation;
        Vector3<double> p = _flight.State.Position;
        Vector3<double> v = new Quaternion<double>(q.W, -q.X, -q.Y, -q.Z).Rotate(_flight.State.LinearVelocity);
        Vector3<double> w = _flight.State.AngularVelocity;
        var m = new Odometry(payload)
        {
            TimeUsec = (ulong)(SinceBootNs / 1000),
            FrameId = MavlinkConstants.FrameLocalNed,
            ChildFrameId = 12,
            X = (float)p.X,
            Y = (float)-p.Y,
            Z = (float)-p.Z,
            Vx = (float)v.X,
            Vy = (float)-v.Y,
            Vz = (float)-v.Z,
            Rollspeed = (float)w.X,
            Pitchspeed = (float)-w.Y,
            Yawspeed = (float)-w.Z,
        };
        m.SetQ(0, (float)q.W);
        m.SetQ(1, (float)q.X);
        m.SetQ(2, (float)-q.Y);
        m.SetQ(3, (float)-q.Z);
        return Odometry.Length;
    }

    private int WriteLanded(Span<byte> payload)
    {
        _ = new ExtendedSysState(payload) { LandedState = _flight.OnGround ? MavlinkConstants.LandedOnGround : MavlinkConstants.LandedInAir };
        return ExtendedSysState.Length;
    }
}
