using Robotics.Core;
using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Drivers.Serial.Conformance;

/// <summary>Flies an autopilot through what this project relies on, and reports every measured value: <c>robotics eval vehicle</c>.</summary>
/// <remarks>All durations are the vehicle's time, so a simulator that runs faster or slower gives the same report; our clock only ends a
/// run in which nothing arrives any more. It moves a real vehicle: fly it only where a radius of 30 m and 15 m of height are free.</remarks>
public sealed partial class VehicleSuite
{
    private const double SetpointPeriodS = 0.02; // 50 Hz
    private const long NothingArrivesNs = 20_000_000_000;
    private readonly IByteStream _stream;
    private readonly IClock _clock;
    private readonly VehicleSuiteOptions _options;
    private readonly Action _pump;
    private readonly List<VehicleSuiteStep> _steps = [];
    private MavlinkVehicle _vehicle;
    private VehicleEngagement _engagement;
    private long _lastSetpointNs = long.MinValue;
    private bool _silent; // the vehicle fell silent: what was measured since is worth nothing

    /// <summary>A suite over <paramref name="stream"/>; <paramref name="pump"/> lets a little time pass: it waits for bytes, or steps an emulator.</summary>
    public VehicleSuite(IByteStream stream, IClock clock, VehicleSuiteOptions options, Action pump)
    {
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _pump = pump ?? throw new ArgumentNullException(nameof(pump));
        (_vehicle, _engagement) = NewHost();
    }

    /// <summary>Flies all steps in order; after a failed take-off the rest is not tried. Lands and disarms in any case.</summary>
    public IReadOnlyList<VehicleSuiteStep> Run()
    {
        if (Identify() && RefuseWrongParameter() && Configure() && TakeOff())
        {
            foreach (Action step in (Action[])[Hold, Square, Attitude, Rates, FenceRace, Starvation, ControlKilled, LinkCut])
            {
                if (!_silent)
                    step();
            }
        }
        LandAndDisarm();
        return _steps;
    }

    private double TimeS => _vehicle.State.VehicleTimeNs == long.MinValue ? 0 : _vehicle.State.VehicleTimeNs / 1e9;

    private ReadOnlySpan<float> Position => _vehicle.State.Position;

    private ReadOnlySpan<float> Velocity => _vehicle.State.Velocity;

    private double Speed => Math.Sqrt((Velocity[0] * Velocity[0]) + (Velocity[1] * Velocity[1]));

    private VehicleParameter TimeoutParameter(double seconds) =>
        new(_options.Autopilot == AutopilotKind.Px4 ? "COM_OF_LOSS_T" : "GUID_TIMEOUT", seconds);

    // What a freshly started control process knows: nothing.
    private (MavlinkVehicle, VehicleEngagement) NewHost()
    {
        var vehicle = new MavlinkVehicle(_stream, _clock, _options.TargetSystem);
        double climb = _options.Autopilot == AutopilotKind.ArduPilot ? _options.HeightM : 0;
        return (vehicle, new VehicleEngagement(vehicle, _clock, climb));
    }

    private bool Report(string name, bool passed, double measured, double limit, string unit, string note = "")
    {
        if (_silent)
            (passed, note) = (false, $"nothing arrives from {_stream.Name} any more: the autopilot or its link is gone");
        _steps.Add(new VehicleSuiteStep(name, passed, Math.Round(measured, 3), limit, unit, note));
        return passed;
    }

    /// <summary>Lets the vehicle's time pass until <paramref name="done"/>, at most <paramref name="seconds"/> of it; sends <paramref name="setpoint"/> meanwhile.</summary>
    private bool Until(Func<bool> done, double seconds, Action? setpoint)
    {
        double start = TimeS;
        double last = start;
        long lastNs = _clock.NowNs;
        while (!done())
        {
            _pump();
            _vehicle.Poll();
            _engagement.Advance();
            SendDue(setpoint);
            if (TimeS > last)
                (last, lastNs) = (TimeS, _clock.NowNs);
            _silent |= _clock.NowNs - lastNs > NothingArrivesNs;
            start = start == 0 ? TimeS : start;
            if (_silent || (start > 0 && TimeS - start > seconds))
                return done();
        }
        return true;
    }

    private void SendDue(Action? setpoint)
    {
        if (setpoint is null || _clock.NowNs - (SetpointPeriodS * 1e9) < _lastSetpointNs)
            return;
        _lastSetpointNs = _clock.NowNs;
        if (_engagement.TakesSetpoints)
            setpoint();
    }

    private Action Fly(float x, float y, float z) => () => _vehicle.SendVelocity([x, y, z], 0);

    private bool Engage()
    {
        // Heartbeats come once a second: first let the mode that is really in force arrive. A vehicle that still flies for us is only
        // fed on; releasing it would stop its motors in the air.
        Until(() => false, 1.5, null);
        if (_engagement.Stage == EngagementStage.Active)
            return true;
        _engagement.Release();
        _engagement.Engage();
        float climb = Position[2] > 1 ? 0 : 0.5f;
        Until(() => _engagement.Stage is EngagementStage.Active or EngagementStage.Refused, 40, Fly(0, 0, climb));
        return _engagement.Stage == EngagementStage.Active;
    }

    private bool Setup(double timeoutS, bool mayWrite, out string diagnosis)
    {
        var parameters = new List<VehicleParameter> { TimeoutParameter(timeoutS) };
        if (mayWrite && _options.Autopilot == AutopilotKind.Px4)
            parameters.Add(new VehicleParameter("COM_OBL_RC_ACT", 5, IsInteger: true));
        if (mayWrite && _options.Autopilot == AutopilotKind.ArduPilot)
            parameters.Add(new VehicleParameter("GUID_OPTIONS", 8, IsInteger: true, AtLeastBits: true));
        var setup = new VehicleSetup(_vehicle, _options.Autopilot, parameters, 50, mayWrite);
        Until(
            () =>
            {
                setup.Advance();
                return setup.Stage is VehicleStage.Ready or VehicleStage.Refused;
            },
            30,
            null);
        diagnosis = setup.Diagnosis;
        return setup.Stage == VehicleStage.Ready;
    }
}
