using Robotics.Core;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Brings a ready autopilot under our set-points and lets it go: streams first, then mode, then arm, never fights a pilot.</summary>
/// <remarks>The sequences are those flown on the real firmwares (facts of docs/guides/serial.md): PX4 wants more than 2 Hz of set-points
/// before OFFBOARD; ArduPilot wants GUIDED, arm, and a take-off before velocity targets. With a take-off height PX4 is armed and climbs in its own
/// mode first (as MAVSDK does), so that it is in the air when set-points begin to count.</remarks>
public sealed class VehicleEngagement
{
    private const long SecondNs = 1_000_000_000;
    private const long StreamBeforeModeNs = SecondNs; // PX4 looks at the last 0.5 s for proof of life at 2 Hz; twice that
    private const long StageTimeoutNs = 15 * SecondNs; // take-off to 20 m at 1.5 m/s
    private const double TakeoffReached = 0.9; // share of the asked height, as ArduPilot's own completion margin
    private readonly MavlinkVehicle _vehicle;
    private readonly IClock _clock;
    private readonly double _takeoffHeightM;
    private long _enteredNs;
    private bool _asked;
    private bool _mustRelease;
    private bool _climbed;

    /// <summary>An engagement of <paramref name="vehicle"/>, which first climbs to <paramref name="takeoffHeightM"/> by itself where that is not 0.</summary>
    public VehicleEngagement(MavlinkVehicle vehicle, IClock clock, double takeoffHeightM)
    {
        _vehicle = vehicle ?? throw new ArgumentNullException(nameof(vehicle));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _takeoffHeightM = takeoffHeightM;
    }

    /// <summary>Where it stands.</summary>
    public EngagementStage Stage { get; private set; }

    /// <summary>True while set-points may go out: while streaming and flying, not while the firmware does its own take-off.</summary>
    public bool TakesSetpoints =>
        Stage is EngagementStage.Streaming or EngagementStage.RequestingMode or EngagementStage.Arming or EngagementStage.Active;

    // PX4 leaves its take-off mode for OFFBOARD; ArduPilot takes off inside GUIDED.
    private bool ClimbsFirst => _takeoffHeightM > 0 && _vehicle.Autopilot == AutopilotKind.Px4;

    /// <summary>The custom_mode in which set-points are obeyed.</summary>
    public uint Mode => _vehicle.Autopilot == AutopilotKind.Px4 ? MavlinkConstants.Px4Offboard : MavlinkConstants.CopterGuided;

    /// <summary>Commands want the robot to move: begins where nothing is under way and power was cut since the last refusal.</summary>
    public void Engage()
    {
        if (Stage != EngagementStage.Idle || _mustRelease)
            return;
        _climbed = false;
        Enter(ClimbsFirst && !_vehicle.Armed ? EngagementStage.Arming : EngagementStage.Streaming);
    }

    /// <summary>Commands want no power: stops the motors of a vehicle that we armed, and permits the next engagement.</summary>
    public void Release()
    {
        _mustRelease = false;
        if (Stage is EngagementStage.Idle or EngagementStage.Releasing)
            return;
        // A vehicle that a pilot has taken over is the pilot's.
        bool ours = Stage is EngagementStage.Arming or EngagementStage.TakingOff or EngagementStage.Active
            || (_climbed && Stage is EngagementStage.Streaming or EngagementStage.RequestingMode);
        Enter(ours ? EngagementStage.Releasing : EngagementStage.Idle);
    }

    /// <summary>The link or the device began anew: nothing is ours, and only a new power-cut-then-engage may begin.</summary>
    public void Forget()
    {
        _mustRelease = Stage != EngagementStage.Idle || _mustRelease;
        Stage = EngagementStage.Idle;
    }

    /// <summary>One step. Does not allocate.</summary>
    public void Advance()
    {
        switch (Stage)
        {
            case EngagementStage.Streaming:
                if (_clock.NowNs - _enteredNs >= StreamBeforeModeNs)
                    Enter(EngagementStage.RequestingMode);
                break;
            case EngagementStage.RequestingMode:
                RequestMode();
                break;
            case EngagementStage.Arming:
                Arm();
                break;
            case EngagementStage.TakingOff:
                TakeOff();
                break;
            case EngagementStage.Active:
                if (_vehicle.CustomMode != Mode || !_vehicle.Armed)
                    Refuse();
                break;
            case EngagementStage.Releasing:
                Disarm();
                break;
        }
    }

    private void Enter(EngagementStage stage)
    {
        Stage = stage;
        _enteredNs = _clock.NowNs;
        _asked = false;
    }

    private void Refuse()
    {
        _mustRelease = true;
        Stage = EngagementStage.Refused;
    }

    private bool Failed =>
        (_asked && _vehicle.Command is TransactionStatus.Refused or TransactionStatus.TimedOut) || _clock.NowNs - _enteredNs > StageTimeoutNs;

    private void RequestMode()
    {
        if (!_asked)
        {
            _asked = true;
            _vehicle.StartMode(Mode);
        }
        else if (Failed)
            Refuse();
        else if (_vehicle.Command == TransactionStatus.Accepted && _vehicle.CustomMode == Mode)
            Enter(_climbed ? EngagementStage.Active : EngagementStage.Arming);
    }

    private void Arm()
    {
        if (!_asked)
        {
            _asked = true;
            _vehicle.StartArm(true);
        }
        else if (Failed)
            Refuse();
        else if (_vehicle.Command == TransactionStatus.Accepted && _vehicle.Armed)
            Enter(_takeoffHeightM > 0 && _vehicle.State.Position[2] < TakeoffReached * _takeoffHeightM ? EngagementStage.TakingOff : EngagementStage.Active);
    }

    private void TakeOff()
    {
        if (!_asked)
        {
            _asked = true;
            // PX4 wants an altitude above the sea, or NaN for its own MIS_TAKEOFF_ALT, which the setup wrote and read back.
            float height = ClimbsFirst ? float.NaN : (float)_takeoffHeightM;
            float place = ClimbsFirst ? float.NaN : 0;
            _vehicle.StartCommand(MavlinkConstants.CommandNavTakeoff, p4: place, p5: place, p6: place, p7: height);
        }
        else if (Failed)
            Refuse();
        else if (_vehicle.State.Position[2] >= TakeoffReached * _takeoffHeightM)
        {
            _climbed = ClimbsFirst;
            Enter(ClimbsFirst ? EngagementStage.Streaming : EngagementStage.Active);
        }
    }

    private void Disarm()
    {
        if (!_vehicle.Armed && _asked && _vehicle.Command == TransactionStatus.Accepted)
            Enter(EngagementStage.Idle);
        else if (!_asked || _vehicle.Command is TransactionStatus.Refused or TransactionStatus.TimedOut)
        {
            _asked = true;
            _vehicle.StartArm(false, force: true);
        }
    }
}
