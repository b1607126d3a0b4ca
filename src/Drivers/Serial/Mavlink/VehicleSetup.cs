using System.Globalization;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Identifies an autopilot, sets what protects it from our loss, reads that back, and asks for telemetry: one step per tick.</summary>
public sealed class VehicleSetup
{
    private enum Refusal
    {
        None,
        WrongAutopilot,
        NotAQuadrotor,
        NoVersion,
        ParameterUnanswered,
        ParameterMismatch,
        TelemetryRefused,
    }

    private readonly MavlinkVehicle _vehicle;
    private readonly AutopilotKind _expected;
    private readonly IReadOnlyList<VehicleParameter> _parameters;
    private readonly (uint Id, double Hz, bool Required)[] _intervals;
    private readonly bool _mayWrite;
    private Refusal _refusal;
    private int _index;
    private bool _asked;
    private bool _written;
    private bool _writePending;
    private double _found;

    /// <summary>A setup for a vehicle that must be <paramref name="expected"/> and hold <paramref name="parameters"/>;
    /// without <paramref name="mayWrite"/> a parameter that differs is refused as it is.</summary>
    public VehicleSetup(MavlinkVehicle vehicle, AutopilotKind expected, IReadOnlyList<VehicleParameter> parameters, double stateRateHz, bool mayWrite = true)
    {
        _mayWrite = mayWrite;
        _vehicle = vehicle ?? throw new ArgumentNullException(nameof(vehicle));
        _expected = expected;
        _parameters = parameters;
        _intervals =
        [
            (AttitudeQuaternion.Id, stateRateHz, true),
            (LocalPositionNed.Id, stateRateHz, true),
            (HighresImu.Id, stateRateHz, false),
            (ExtendedSysState.Id, 5, false),
        ];
    }

    /// <summary>Where it stands.</summary>
    public VehicleStage Stage { get; private set; }

    /// <summary>Begins anew, after the link or the device restarted.</summary>
    public void Restart()
    {
        Stage = VehicleStage.Searching;
        _refusal = Refusal.None;
        Enter(VehicleStage.Searching);
    }

    /// <summary>Does what can be done now. Does not allocate.</summary>
    public void Advance()
    {
        switch (Stage)
        {
            case VehicleStage.Searching:
                Search();
                break;
            case VehicleStage.Identifying:
                Identify();
                break;
            case VehicleStage.Configuring:
                Configure();
                break;
            case VehicleStage.RequestingTelemetry:
                RequestTelemetry();
                break;
            case VehicleStage.AwaitingState:
                if (_vehicle.State.OrientationNs != long.MinValue && _vehicle.State.PositionNs != long.MinValue)
                    Stage = VehicleStage.Ready;
                break;
        }
    }

    /// <summary>What was found, what was declared and what to do. Allocates.</summary>
    public string Diagnosis => Stage == VehicleStage.Refused ? RefusalText() : ProgressText();

    private void Enter(VehicleStage stage)
    {
        Stage = stage;
        _index = 0;
        _asked = false;
        _written = false;
        _writePending = false;
    }

    private void Refuse(Refusal refusal)
    {
        _refusal = refusal;
        Stage = VehicleStage.Refused;
    }

    private void Search()
    {
        if (!_vehicle.IsHeard)
            return;
        if (_vehicle.Autopilot != _expected)
            Refuse(Refusal.WrongAutopilot);
        else if (_vehicle.VehicleType != MavlinkConstants.TypeQuadrotor)
            Refuse(Refusal.NotAQuadrotor);
        else
            Enter(VehicleStage.Identifying);
    }

    private void Identify()
    {
        if (_vehicle.Capabilities != 0)
            Enter(VehicleStage.Configuring);
        else if (!_asked)
        {
            _asked = true;
            _vehicle.StartRequest(AutopilotVersion.Id);
        }
        else if (_vehicle.Command is TransactionStatus.TimedOut or TransactionStatus.Refused)
            Refuse(Refusal.NoVersion);
    }

    // Read; where it differs write and read again: a write that the firmware clamps or ignores must not pass.
    private void Configure()
    {
        if (_index == _parameters.Count)
        {
            Enter(VehicleStage.RequestingTelemetry);
            return;
        }
        VehicleParameter wanted = _parameters[_index];
        if (!_asked)
        {
            _asked = true;
            _vehicle.StartRead(wanted.Name, wanted.IsInteger);
            return;
        }
        if (_vehicle.Parameter == TransactionStatus.TimedOut)
            Refuse(Refusal.ParameterUnanswered);
        if (_vehicle.Parameter != TransactionStatus.Accepted)
            return;
        _found = _vehicle.ParameterValue;
        if (wanted.IsMetBy(_found) && !_writePending)
            NextParameter();
        else if (_writePending)
            ReadBack(wanted);
        else if (_written || !_mayWrite)
            Refuse(Refusal.ParameterMismatch);
        else
            Write(wanted);
    }

    private void Write(VehicleParameter wanted)
    {
        _written = true;
        _writePending = true;
        _vehicle.StartWrite(wanted.Name, wanted.ToWrite(_found), wanted.IsInteger);
    }

    // The echo of a write is not yet a reading: ask again.
    private void ReadBack(VehicleParameter wanted)
    {
        _writePending = false;
        _vehicle.StartRead(wanted.Name, wanted.IsInteger);
    }

    private void NextParameter()
    {
        _index++;
        _asked = false;
        _written = false;
    }

    private void RequestTelemetry()
    {
        if (_index == _intervals.Length)
        {
            Enter(VehicleStage.AwaitingState);
            return;
        }
        (uint id, double hz, bool required) = _intervals[_index];
        if (!_asked)
        {
            _asked = true;
            _vehicle.StartInterval(id, hz);
            return;
        }
        if (_vehicle.Command == TransactionStatus.Waiting)
            return;
        if (required && _vehicle.Command != TransactionStatus.Accepted)
        {
            Refuse(Refusal.TelemetryRefused);
            return;
        }
        _index++;
        _asked = false;
    }

    private string RefusalText() =>
        _refusal switch
        {
            Refusal.WrongAutopilot =>
                $"the device is {_vehicle.Autopilot}, robot.yaml declares {_expected}: connect the declared autopilot or correct driver.autopilot",
            Refusal.NotAQuadrotor =>
                $"the autopilot says MAV_TYPE {_vehicle.VehicleType}; this driver flies quadrotors (MAV_TYPE 2)",
            Refusal.NoVersion =>
                $"AUTOPILOT_VERSION was asked and not given (result {_vehicle.CommandResult}); without it the parameter encoding is unknown",
            Refusal.ParameterUnanswered =>
                $"parameter {_parameters[_index].Name} was asked and not answered: the firmware does not have it or the link loses too much",
            Refusal.ParameterMismatch =>
                string.Create(CultureInfo.InvariantCulture, $"parameter {_parameters[_index].Name} is {_found:G6}, declared {_parameters[_index].Value:G6}{(_written ? " and written, but reads back otherwise" : "")}; the firmware's own protection is not what robot.yaml declares"),
            _ => $"the autopilot refuses to send message {_intervals[_index].Id} at {_intervals[_index].Hz} Hz (result {_vehicle.CommandResult})",
        };

    private string ProgressText()
    {
        if (Stage == VehicleStage.Ready)
            return string.Create(CultureInfo.InvariantCulture, $"{_vehicle.Autopilot} firmware {_vehicle.FirmwareVersion >> 24}.{(_vehicle.FirmwareVersion >> 16) & 0xFF}.{(_vehicle.FirmwareVersion >> 8) & 0xFF}, parameters read back, telemetry arrives");
        if (Stage == VehicleStage.AwaitingState)
            return "attitude or local position do not arrive: the estimator has no position yet (wait for GPS or another position source)";
        if (Stage != VehicleStage.Searching)
            return $"{Stage}";
        if (_vehicle.ForeignSystem != 0)
            return $"heard only system {_vehicle.ForeignSystem}, not the declared one: correct driver.target_system";
        return _vehicle.Link.Received is { Frames: 0, SkippedBytes: > 500 }
            ? $"{_vehicle.Link.Received.SkippedBytes} bytes arrived and none made a MAVLink frame: wrong baud rate, or not a MAVLink device"
            : $"no heartbeat on {_vehicle.Link.Stream.Name}";
    }
}
