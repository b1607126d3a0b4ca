using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Drivers.Serial.Conformance;

/// <content>The steps, in the order they are flown.</content>
public sealed partial class VehicleSuite
{
    private bool Identify()
    {
        long start = _clock.NowNs;
        bool heard = Until(() => _vehicle.IsHeard && _vehicle.State.VehicleTimeNs != long.MinValue, 10, null);
        bool right = heard && _vehicle.Autopilot == _options.Autopilot;
        return Report("identify", right, (_clock.NowNs - start) / 1e9, 10, "s", $"{_vehicle.Autopilot}, MAV_TYPE {_vehicle.VehicleType}");
    }

    // The firmware is given a wrong timeout and a setup that may not correct it: it must refuse, and nothing may be armed.
    private bool RefuseWrongParameter()
    {
        VehicleParameter wrong = TimeoutParameter(_options.SetpointTimeoutS + 1.5);
        Until(() => _vehicle.Capabilities != 0 || _vehicle.Command == TransactionStatus.TimedOut, 10, RequestVersionOnce());
        _vehicle.StartWrite(wrong.Name, wrong.Value, wrong.IsInteger);
        Until(() => _vehicle.Parameter != TransactionStatus.Waiting, 5, null);
        bool ready = Setup(_options.SetpointTimeoutS, mayWrite: false, out string diagnosis);
        return Report("refuse wrong parameter", !ready && !_vehicle.Armed, _vehicle.ParameterValue, _options.SetpointTimeoutS, "s", diagnosis);
    }

    private Action? RequestVersionOnce()
    {
        _vehicle.StartRequest(AutopilotVersion.Id);
        return null;
    }

    private bool Configure()
    {
        bool ready = Setup(_options.SetpointTimeoutS, mayWrite: true, out string diagnosis);
        _vehicle.StartRead(TimeoutParameter(0).Name, integer: false);
        Until(() => _vehicle.Parameter != TransactionStatus.Waiting, 5, null);
        return Report("set and read back", ready, _vehicle.ParameterValue, _options.SetpointTimeoutS, "s", diagnosis);
    }

    private bool TakeOff()
    {
        double start = TimeS;
        if (!Engage())
            return Report("arm and take off", false, Position[2], _options.HeightM, "m", $"{_engagement.Stage}: {_vehicle.LastText}");
        Until(() => Position[2] > _options.HeightM - 0.3, 30, () => _vehicle.SendVelocity([0, 0, 1], 0));
        Until(() => false, 3, Fly(0, 0, 0));
        double error = Math.Abs(Position[2] - _options.HeightM);
        return Report("arm and take off", error < 1, error, 1, "m", $"height {Position[2]:F2} m after {TimeS - start:F1} s");
    }

    private void Hold()
    {
        (float x, float y, float z) = (Position[0], Position[1], Position[2]);
        double worst = 0;
        Until(
            () =>
            {
                worst = Math.Max(worst, Math.Sqrt(Math.Pow(Position[0] - x, 2) + Math.Pow(Position[1] - y, 2) + Math.Pow(Position[2] - z, 2)));
                return false;
            },
            5,
            () => _vehicle.SendPosition([x, y, z], 0));
        Report("hold for 5 s", worst < 0.5, worst, 0.5, "m");
    }

    private void Square()
    {
        float v = (float)_options.SpeedMS;
        double worst = 0;
        foreach ((float x, float y) in new[] { (v, 0f), (0f, v), (-v, 0f), (0f, -v) })
        {
            Until(() => false, 4, Fly(x, y, 0));
            worst = Math.Max(worst, Math.Sqrt(Math.Pow(Velocity[0] - x, 2) + Math.Pow(Velocity[1] - y, 2)));
        }
        Report("velocity square", worst < 0.4, worst, 0.4, "m/s", $"largest velocity error at the end of a leg of 4 s at {v} m/s");
        Until(() => Speed < 0.2, 10, Fly(0, 0, 0));
    }

    private void Attitude()
    {
        const double tilt = 0.17; // 10 degrees
        float[] q = [(float)Math.Cos(tilt / 2), 0, (float)Math.Sin(tilt / 2), 0];
        Until(() => false, 1.0, () => _vehicle.SendAttitude(q, (float)_options.HoverThrust));
        double reached = TiltForward();
        Report("attitude command", Math.Abs(reached - tilt) < 0.06, Math.Abs(reached - tilt), 0.06, "rad", $"pitch {reached:F3} rad after 1 s");
        Until(() => Speed < 0.2, 10, Fly(0, 0, 0));
    }

    private double TiltForward()
    {
        ReadOnlySpan<float> q = _vehicle.State.Orientation;
        return Math.Asin(Math.Clamp(2 * ((q[0] * q[2]) - (q[3] * q[1])), -1, 1));
    }

    private void Rates()
    {
        const float rate = 0.5f;
        Until(() => false, 1.0, () => _vehicle.SendRates([0, 0, rate], (float)_options.HoverThrust));
        double error = Math.Abs(_vehicle.State.AngularVelocity[2] - rate);
        Report("body rate command", error < 0.15, error, 0.15, "rad/s", $"yaw rate {_vehicle.State.AngularVelocity[2]:F3} rad/s after 1 s of {rate}");
        Until(() => Speed < 0.2, 10, Fly(0, 0, 0));
    }

    // Outwards at twice the square's speed: our limit v <= sqrt(2 a d) must end it inside our fence, before the firmware's.
    private void FenceRace()
    {
        const double braking = 1.0; // m/s2, below what either firmware does
        const double latencyS = 0.6; // set-point to vehicle to velocity loop
        string name = _options.Autopilot == AutopilotKind.Px4 ? "GF_MAX_HOR_DIST" : "FENCE_RADIUS";
        _vehicle.StartWrite(name, _options.FirmwareFenceM, integer: false);
        Until(() => _vehicle.Parameter != TransactionStatus.Waiting, 5, Fly(0, 0, 0));
        double farthest = 0;
        Until(
            () =>
            {
                farthest = Math.Max(farthest, Radius);
                return _engagement.Stage != EngagementStage.Active;
            },
            20,
            () =>
            {
                double left = Math.Max(0, _options.FenceM - 0.5 - Radius);
                double speed = Math.Min(2 * _options.SpeedMS, Math.Sqrt((braking * braking * latencyS * latencyS) + (2 * braking * left)) - (braking * latencyS));
                _vehicle.SendVelocity([(float)speed, 0, 0], 0);
            });
        bool ours = _engagement.Stage == EngagementStage.Active && farthest <= _options.FenceM;
        Report("fence race", ours, farthest, _options.FenceM, "m", _vehicle.Parameter == TransactionStatus.Accepted ? $"firmware's fence at {_options.FirmwareFenceM} m stayed silent" : $"{name} was not answered: only our own fence was flown");
        Until(() => Radius < 3 || _engagement.Stage != EngagementStage.Active, 30, () => _vehicle.SendVelocity([(float)-_options.SpeedMS, 0, 0], 0));
        Until(() => Speed < 0.2, 10, Fly(0, 0, 0));
    }

    private double Radius => Math.Sqrt((Position[0] * Position[0]) + (Position[1] * Position[1]));

    private void Starvation() => Lose("set-point starvation", restartHost: false);

    private void ControlKilled() => Lose("control process killed", restartHost: true);

    // Flies, falls silent, and measures on the vehicle's clock when a quarter of a metre per second is gone.
    private void Lose(string name, bool restartHost)
    {
        if (!Accelerate(name))
            return;
        double speed = Speed;
        double start = TimeS;
        double limit = _options.SetpointTimeoutS + 1.0;
        if (restartHost)
            (_vehicle, _engagement) = NewHost();
        bool slowed = Until(() => _vehicle.State.PositionNs != long.MinValue && Speed < speed - 0.25, limit + 3, null);
        double reaction = TimeS - start;
        Until(() => Speed < 0.2, 10, null);
        bool back = !restartHost || Setup(_options.SetpointTimeoutS, mayWrite: true, out _);
        back = back && Engage();
        Report(name, slowed && reaction <= limit && back, reaction, limit, "s", back ? "flown again afterwards" : $"not flown again: {_engagement.Stage} {_vehicle.LastText}");
    }

    private const long CutNs = 5_000_000_000; // several of any declared time-out

    private void LinkCut()
    {
        if (!Accelerate("link cut and restored"))
            return;
        double start = TimeS;
        long cutNs = _clock.NowNs;
        while (_clock.NowNs - cutNs < CutNs) // nothing is read or written meanwhile
            _pump();
        // First come the bytes that a full buffer kept from the beginning of the silence: the vehicle must have lived through all of it.
        Until(() => TimeS > start + (CutNs / 1e9), 10, null);
        bool stopped = Speed < 0.5;
        bool back = Engage();
        Report("link cut and restored", stopped && back && _vehicle.Restarts == 0, Speed, 0.5, "m/s", $"silent for {TimeS - start:F1} s; {(back ? "flown again" : "not flown again")}");
    }

    private bool Accelerate(string name)
    {
        float v = (float)_options.SpeedMS;
        bool active = _engagement.Stage == EngagementStage.Active || Engage();
        if (!active || !Until(() => Speed > 0.9 * v, 8, Fly(Position[0] > 0 ? -v : v, 0, 0)))
            return Report(name, false, Speed, v, "m/s", $"did not get up to speed: {_engagement.Stage} {_vehicle.LastText}");
        Until(() => false, 1, Fly(Velocity[0] > 0 ? v : -v, 0, 0));
        return true;
    }

    private void LandAndDisarm()
    {
        _silent = false; // it may have come back
        if (!Until(() => _vehicle.IsHeard, 10, null))
        {
            Report("land and disarm", false, 0, 60, "s", "no vehicle answers");
            return;
        }
        double start = TimeS;
        _vehicle.StartMode(_vehicle.Autopilot == AutopilotKind.Px4 ? MavlinkConstants.Px4AutoLand : MavlinkConstants.CopterLand);
        bool disarmed = Until(() => !_vehicle.Armed, 60, null);
        Report("land and disarm", disarmed && Position[2] < 0.5, TimeS - start, 60, "s", $"height {Position[2]:F2} m");
    }
}
