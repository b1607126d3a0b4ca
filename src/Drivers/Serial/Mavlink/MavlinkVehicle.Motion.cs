namespace Robotics.Drivers.Serial.Mavlink;

/// <content>Motion messages into REP-103, and the relation between the autopilot's clock and ours.</content>
public sealed partial class MavlinkVehicle
{
    private const long MaxSampleAgeNs = SecondNs / 2; // a mapped stamp older than this means the clocks are not related yet
    private const byte FrameBodyFrd = 12; // MAV_FRAME_BODY_FRD
    private const byte FrameLocalFrd = 20; // MAV_FRAME_LOCAL_FRD
    // Messages of one autopilot overtake each other by milliseconds; its clock going back further means that it began anew.
    private const long RestartNs = SecondNs;
    private long _clockOffsetNs; // autopilot's clock minus ours
    private long _bestRoundTripNs = long.MaxValue;

    private void HandleMotion(in MavlinkFrame frame)
    {
        switch (frame.Id)
        {
            case AttitudeQuaternion.Id:
                OnAttitude(new AttitudeQuaternion(frame.Payload));
                break;
            case LocalPositionNed.Id:
                OnLocalPosition(new LocalPositionNed(frame.Payload));
                break;
            case HighresImu.Id:
                OnImu(new HighresImu(frame.Payload));
                break;
            case Odometry.Id:
                OnOdometry(new Odometry(frame.Payload));
                break;
        }
    }

    private void OnAttitude(AttitudeQuaternion m)
    {
        SetOrientation(m.Q1, m.Q2, m.Q3, m.Q4);
        SetAngularVelocity(m.Rollspeed, m.Pitchspeed, m.Yawspeed);
        Stamp(m.TimeBootMs * 1_000_000L);
    }

    private void OnLocalPosition(LocalPositionNed m)
    {
        Set(State.Position, m.X, m.Y, m.Z);
        Set(State.Velocity, m.Vx, m.Vy, m.Vz);
        State.PositionNs = _clock.NowNs;
        Stamp(m.TimeBootMs * 1_000_000L);
    }

    private void OnImu(HighresImu m)
    {
        SetAngularVelocity(m.Xgyro, m.Ygyro, m.Zgyro);
        Stamp((long)(m.TimeUsec * 1000));
    }

    // Only the pairing PX4 sends is understood: pose in local NED or FRD, velocity in the body; anything else is ignored.
    private void OnOdometry(Odometry m)
    {
        if (m.FrameId is not (MavlinkConstants.FrameLocalNed or FrameLocalFrd) || m.ChildFrameId != FrameBodyFrd)
            return;
        SetOrientation(m.GetQ(0), m.GetQ(1), m.GetQ(2), m.GetQ(3));
        SetAngularVelocity(m.Rollspeed, m.Pitchspeed, m.Yawspeed);
        Set(State.Position, m.X, m.Y, m.Z);
        Span<float> body = [m.Vx, m.Vy, m.Vz];
        NedFrames.Flip(body);
        Rotate(State.Orientation, body, State.Velocity);
        State.PositionNs = _clock.NowNs;
        Stamp((long)(m.TimeUsec * 1000));
    }

    private void SetOrientation(float w, float x, float y, float z)
    {
        State.Orientation[0] = w;
        Set(State.Orientation[1..], x, y, z);
        State.OrientationNs = _clock.NowNs;
    }

    private void SetAngularVelocity(float x, float y, float z)
    {
        Set(State.AngularVelocity, x, y, z);
        State.AngularVelocityNs = _clock.NowNs;
    }

    private static void Set(Span<float> target, float x, float y, float z)
    {
        target[0] = x;
        target[1] = y;
        target[2] = z;
        NedFrames.Flip(target);
    }

    // v' = v + 2w (u x v) + 2 u x (u x v), u the vector part.
    private static void Rotate(ReadOnlySpan<float> q, ReadOnlySpan<float> v, Span<float> result)
    {
        float tx = 2 * ((q[2] * v[2]) - (q[3] * v[1]));
        float ty = 2 * ((q[3] * v[0]) - (q[1] * v[2]));
        float tz = 2 * ((q[1] * v[1]) - (q[2] * v[0]));
        result[0] = v[0] + (q[0] * tx) + (q[2] * tz) - (q[3] * ty);
        result[1] = v[1] + (q[0] * ty) + (q[3] * tx) - (q[1] * tz);
        result[2] = v[2] + (q[0] * tz) + (q[1] * ty) - (q[2] * tx);
    }

    private void Stamp(long vehicleNs)
    {
        long now = _clock.NowNs;
        if (vehicleNs + RestartNs < State.VehicleTimeNs)
            NoteRestart();
        State.VehicleTimeNs = Math.Max(State.VehicleTimeNs, vehicleNs);
        long mapped = RoundTripNs < 0 ? now : vehicleNs - _clockOffsetNs;
        bool plausible = mapped <= now && now - mapped < MaxSampleAgeNs;
        State.MeasuredNs = Math.Max(State.MeasuredNs, plausible ? mapped : now);
        State.Updates++;
    }

    private void NoteRestart()
    {
        Restarts++;
        State.VehicleTimeNs = long.MinValue;
        RoundTripNs = -1;
        _bestRoundTripNs = long.MaxValue;
    }

    // TIMESYNC: tc1 is the answerer's clock, ts1 the asker's, both ns. A question has tc1 = 0.
    private void OnTimesync(Timesync m)
    {
        long now = _clock.NowNs;
        if (m.Tc1 == 0)
        {
            SendTimesync(now, m.Ts1);
            return;
        }
        long roundTrip = now - m.Ts1;
        if (roundTrip < 0 || roundTrip > SecondNs)
            return; // an answer to somebody else, or to our previous life
        RoundTripNs = roundTrip;
        if (roundTrip > _bestRoundTripNs)
        {
            _bestRoundTripNs += _bestRoundTripNs / 64; // the best answer ages, so that a drifting clock is followed
            return;
        }
        _bestRoundTripNs = roundTrip;
        _clockOffsetNs = m.Tc1 - (m.Ts1 + (roundTrip / 2));
    }

    private void SendTimesync(long tc1, long ts1)
    {
        Span<byte> payload = stackalloc byte[Timesync.Length];
        _ = new Timesync(payload) { Tc1 = tc1, Ts1 = ts1, TargetSystem = _targetSystem, TargetComponent = MavlinkConstants.AutopilotComponent };
        Link.Send(Timesync.Id, payload);
    }
}
