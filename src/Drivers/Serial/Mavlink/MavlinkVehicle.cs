using Robotics.Core;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>One autopilot on a link: what it says, and questions to it that are repeated until answered.</summary>
/// <remarks>Nothing here blocks: call <see cref="Poll"/> every tick. Values are REP-103 and SI on our side; NED and FRD exist only in
/// the bytes. Control thread; does not allocate after construction.</remarks>
public sealed partial class MavlinkVehicle
{
    private const long SecondNs = 1_000_000_000;
    private const long HeartbeatPeriodNs = SecondNs; // MAVLink heartbeat protocol: 1 Hz
    private const long HeartbeatLossNs = 3 * SecondNs; // three missed heartbeats, as QGroundControl counts
    private const byte OurSystem = 245; // outside 1-10 (vehicles) and 255 (QGroundControl); the id of the golden frames
    private readonly IClock _clock;
    private readonly byte _targetSystem;
    private long _nextHeartbeatNs = long.MinValue;
    private long _heartbeatNs = long.MinValue;

    /// <summary>The autopilot with system id <paramref name="targetSystem"/> behind <paramref name="stream"/>; with a
    /// <paramref name="signer"/> only signed frames are heard.</summary>
    public MavlinkVehicle(IByteStream stream, IClock clock, byte targetSystem, MavlinkSigner? signer = null)
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _targetSystem = targetSystem;
        Link = new MavlinkLink(stream, OurSystem, MavlinkConstants.OnboardComputer, signer);
    }

    /// <summary>Frames in and out.</summary>
    public MavlinkLink Link { get; }

    /// <summary>Newest motion state.</summary>
    public VehicleState State { get; } = new();

    /// <summary>Firmware, from its heartbeat.</summary>
    public AutopilotKind Autopilot { get; private set; } = AutopilotKind.None;

    /// <summary>MAV_TYPE of its heartbeat; 2 is a quadrotor.</summary>
    public byte VehicleType { get; private set; }

    /// <summary>Firmware-specific mode number.</summary>
    public uint CustomMode { get; private set; }

    /// <summary>MAV_STATE: 3 standby, 4 active, 5 critical, 6 emergency.</summary>
    public byte SystemStatus { get; private set; }

    /// <summary>True while the heartbeat says that motors may turn.</summary>
    public bool Armed { get; private set; }

    /// <summary>MAV_LANDED_STATE: 0 unknown, 1 on the ground, 2 in the air, 3 taking off, 4 landing.</summary>
    public byte LandedState { get; private set; }

    /// <summary>MAV_PROTOCOL_CAPABILITY bits, 0 before AUTOPILOT_VERSION arrived.</summary>
    public ulong Capabilities { get; private set; }

    /// <summary>Firmware version word of AUTOPILOT_VERSION (major, minor, patch, type from the high byte down).</summary>
    public uint FirmwareVersion { get; private set; }

    /// <summary>System id of the last heartbeat of an autopilot that is not the target; 0 where none was heard.</summary>
    public byte ForeignSystem { get; private set; }

    /// <summary>Counts heartbeats of the target.</summary>
    public long Heartbeats { get; private set; }

    /// <summary>Counts how often the autopilot's clock began anew: it was restarted and knows nothing of what it was told.</summary>
    public long Restarts { get; private set; }

    /// <summary>True where the target's heartbeat is less than 3 s old.</summary>
    public bool IsHeard => _heartbeatNs != long.MinValue && _clock.NowNs - _heartbeatNs < HeartbeatLossNs;

    /// <summary>Round-trip time of the best recent TIMESYNC, ns; -1 before one was answered.</summary>
    public long RoundTripNs { get; private set; } = -1;

    /// <summary>Takes what arrived, repeats what is unanswered, sends our heartbeat and time question when due.</summary>
    public void Poll()
    {
        Link.BeginTick();
        while (Link.TryReceive(out MavlinkFrame frame))
            Handle(frame);
        long now = _clock.NowNs;
        if (now >= _nextHeartbeatNs)
        {
            _nextHeartbeatNs = now + HeartbeatPeriodNs;
            SendHeartbeat();
            SendTimesync(0, now);
        }
        RepeatCommand(now);
        RepeatParameter(now);
    }

    /// <summary>Forgets everything the device said: after a reconnection it may be another one.</summary>
    public void Forget()
    {
        Link.Reset();
        State.Forget();
        Autopilot = AutopilotKind.None;
        Capabilities = 0;
        FirmwareVersion = 0;
        Armed = false;
        _heartbeatNs = long.MinValue;
        RoundTripNs = -1;
        Command = TransactionStatus.None;
        Parameter = TransactionStatus.None;
    }

    private void Handle(in MavlinkFrame frame)
    {
        if (frame.SystemId != _targetSystem || frame.ComponentId != MavlinkConstants.AutopilotComponent)
        {
            NoteForeign(frame);
            return;
        }
        switch (frame.Id)
        {
            case Heartbeat.Id:
                OnHeartbeat(new Heartbeat(frame.Payload));
                break;
            case CommandAck.Id:
                OnCommandAck(new CommandAck(frame.Payload));
                break;
            case ParamValue.Id:
                OnParameter(new ParamValue(frame.Payload));
                break;
            case Timesync.Id:
                OnTimesync(new Timesync(frame.Payload));
                break;
            case AutopilotVersion.Id:
                Capabilities = new AutopilotVersion(frame.Payload).Capabilities;
                FirmwareVersion = new AutopilotVersion(frame.Payload).FlightSwVersion;
                break;
            case ExtendedSysState.Id:
                LandedState = new ExtendedSysState(frame.Payload).LandedState;
                break;
            case Statustext.Id:
                KeepText(new Statustext(frame.Payload));
                break;
            default:
                HandleMotion(frame);
                break;
        }
    }

    private void NoteForeign(in MavlinkFrame frame)
    {
        if (frame.Id == Heartbeat.Id && frame.ComponentId == MavlinkConstants.AutopilotComponent)
            ForeignSystem = frame.SystemId;
    }

    private void OnHeartbeat(Heartbeat m)
    {
        Autopilot = (AutopilotKind)m.Autopilot;
        VehicleType = m.Type;
        CustomMode = m.CustomMode;
        SystemStatus = m.SystemStatus;
        Armed = (m.BaseMode & MavlinkConstants.ArmedFlag) != 0;
        Heartbeats++;
        _heartbeatNs = _clock.NowNs;
    }

    private void SendHeartbeat()
    {
        Span<byte> payload = stackalloc byte[Heartbeat.Length];
        _ = new Heartbeat(payload)
        {
            Type = MavlinkConstants.TypeOnboardController,
            Autopilot = (byte)AutopilotKind.None,
            SystemStatus = MavlinkConstants.StateActive,
            MavlinkVersion = MavlinkConstants.ProtocolVersion,
        };
        Link.Send(Heartbeat.Id, payload);
    }
}
