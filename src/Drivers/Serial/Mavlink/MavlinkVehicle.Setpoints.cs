namespace Robotics.Drivers.Serial.Mavlink;

/// <content>Set-points, REP-103 in, NED and FRD on the wire. The newest replaces one that has not gone out.</content>
public sealed partial class MavlinkVehicle
{
    /// <summary>Body rates (rad/s, forward-left-up) and collective thrust, 0..1 of the autopilot's scale.</summary>
    public StreamStatus SendRates(ReadOnlySpan<float> rates, float thrust)
    {
        Span<byte> payload = stackalloc byte[SetAttitudeTarget.Length];
        var m = new SetAttitudeTarget(payload)
        {
            BodyRollRate = rates[0],
            BodyPitchRate = -rates[1],
            BodyYawRate = -rates[2],
            TypeMask = MavlinkConstants.MaskRates,
        };
        m.SetQ(0, 1);
        return SendAttitudeTarget(payload, m, thrust);
    }

    /// <summary>Orientation (unit quaternion body to world, w x y z) and collective thrust, 0..1.</summary>
    public StreamStatus SendAttitude(ReadOnlySpan<float> orientation, float thrust)
    {
        Span<byte> payload = stackalloc byte[SetAttitudeTarget.Length];
        var m = new SetAttitudeTarget(payload) { TypeMask = MavlinkConstants.MaskAttitude };
        m.SetQ(0, orientation[0]);
        m.SetQ(1, orientation[1]);
        m.SetQ(2, -orientation[2]);
        m.SetQ(3, -orientation[3]);
        return SendAttitudeTarget(payload, m, thrust);
    }

    /// <summary>Velocity in the world (m/s, north-west-up) and yaw rate (rad/s, positive to the left).</summary>
    public StreamStatus SendVelocity(ReadOnlySpan<float> velocity, float yawRate)
    {
        Span<byte> payload = stackalloc byte[SetPositionTargetLocalNed.Length];
        var m = new SetPositionTargetLocalNed(payload)
        {
            Vx = velocity[0],
            Vy = -velocity[1],
            Vz = -velocity[2],
            YawRate = -yawRate,
            TypeMask = MavlinkConstants.MaskVelocityYawRate,
        };
        return SendPositionTarget(payload, m);
    }

    /// <summary>Position in the world (m, north-west-up) and yaw (rad, 0 = north, positive to the west).</summary>
    public StreamStatus SendPosition(ReadOnlySpan<float> position, float yaw)
    {
        Span<byte> payload = stackalloc byte[SetPositionTargetLocalNed.Length];
        var m = new SetPositionTargetLocalNed(payload)
        {
            X = position[0],
            Y = -position[1],
            Z = -position[2],
            Yaw = -yaw,
            TypeMask = MavlinkConstants.MaskPositionYaw,
        };
        return SendPositionTarget(payload, m);
    }

    private StreamStatus SendAttitudeTarget(ReadOnlySpan<byte> payload, SetAttitudeTarget m, float thrust)
    {
        m.Thrust = thrust;
        m.TimeBootMs = OurTimeMs;
        m.TargetSystem = _targetSystem;
        m.TargetComponent = MavlinkConstants.AutopilotComponent;
        return Link.SendLatest(SetAttitudeTarget.Id, payload);
    }

    private StreamStatus SendPositionTarget(ReadOnlySpan<byte> payload, SetPositionTargetLocalNed m)
    {
        m.CoordinateFrame = MavlinkConstants.FrameLocalNed;
        m.TimeBootMs = OurTimeMs;
        m.TargetSystem = _targetSystem;
        m.TargetComponent = MavlinkConstants.AutopilotComponent;
        return Link.SendLatest(SetPositionTargetLocalNed.Id, payload);
    }

    private uint OurTimeMs => (uint)(_clock.NowNs / 1_000_000);
}
