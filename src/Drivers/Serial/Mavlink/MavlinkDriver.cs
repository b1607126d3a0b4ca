using Robotics.Core;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>A PX4 or ArduPilot quadrotor as a robot: state in REP-103, commands as rates, attitude, velocity or position.</summary>
/// <remarks>
/// World is north-west-up. A command whose action is below <see cref="SafetyAction.PowerCut"/> engages the autopilot (stream, mode, arm)
/// once it is identified and its own set-point timeout was read back; <see cref="SafetyAction.PowerCut"/> stops its motors. When the link
/// or the device restarts, everything is asked again and the supervisor must pass through PowerCut (disarmed) before it flies again.
/// </remarks>
public sealed class MavlinkDriver : IRobotDriver, IDeviceReadiness
{
    private readonly MavlinkDriverOptions _options;
    private readonly IByteStream _stream;
    private readonly MavlinkVehicle _vehicle;
    private readonly VehicleSetup _setup;
    private readonly VehicleEngagement _engagement;
    private readonly int _rates;
    private long _updates;
    private long _restarts;
    private int _generation;
    private bool _down;

    /// <summary>A driver over <paramref name="stream"/>, which it owns.</summary>
    public MavlinkDriver(MavlinkDriverOptions options, IByteStream stream, IClock clock, long signingTimestamp = 0)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        MavlinkSigner? signer = options.SigningKey is null ? null : new MavlinkSigner([.. options.SigningKey], 1, signingTimestamp);
        _vehicle = new MavlinkVehicle(stream, clock, options.TargetSystem, signer);
        _setup = new VehicleSetup(_vehicle, options.Autopilot, options.Parameters, options.StateRateHz);
        _engagement = new VehicleEngagement(_vehicle, clock, options.TakeoffHeightM);
        _generation = Generation;
        StateChannels = VehicleChannels.State;
        CommandChannels = VehicleChannels.Command(options);
        _rates = VehicleChannels.State.IndexOf(ChannelNames.AngularVelocity[0]);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    /// <summary>The autopilot behind the driver.</summary>
    public MavlinkVehicle Vehicle => _vehicle;

    /// <summary>How far identification and configuration are.</summary>
    public VehicleStage Stage => _setup.Stage;

    /// <summary>How far the autopilot is under our set-points.</summary>
    public EngagementStage Engagement => _engagement.Stage;

    /// <inheritdoc/>
    public bool IsReady => _setup.Stage == VehicleStage.Ready && _vehicle.IsHeard;

    /// <inheritdoc/>
    public double CommandTimeoutS => _options.SetpointTimeoutS;

    /// <inheritdoc/>
    public bool IsObeying => IsReady && _engagement.Stage == EngagementStage.Active;

    /// <inheritdoc/>
    public string Diagnosis
    {
        get
        {
            if (_engagement.Stage != EngagementStage.Refused)
                return _setup.Diagnosis;
            string words = _vehicle.LastText;
            return $"the autopilot left our control (mode {_vehicle.CustomMode:X}, armed {_vehicle.Armed}, last command {_vehicle.Command}, result "
                + $"{_vehicle.CommandResult}){(words.Length > 0 ? $"; it says: {words}" : "")}";
        }
    }

    private int Generation => _stream is ReplugByteStream replug ? replug.Generation : 1;

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _vehicle.Poll();
        NoticeRestarts();
        _setup.Advance();
        _engagement.Advance();
        return sample.Status = Fill(sample);
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != CommandChannels.Count)
            return WriteStatus.Refused;
        if (command.Action >= SafetyAction.PowerCut)
        {
            _engagement.Release();
            return WriteStatus.Ok;
        }
        if (!IsReady)
            return WriteStatus.Faulted;
        _engagement.Engage();
        if (!_engagement.TakesSetpoints)
            return _engagement.Stage == EngagementStage.TakingOff ? WriteStatus.Ok : WriteStatus.Faulted;
        return Send(command.Values) switch
        {
            StreamStatus.Ok => WriteStatus.Ok,
            StreamStatus.Idle => WriteStatus.Replaced,
            _ => WriteStatus.Faulted,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private StreamStatus Send(ReadOnlySpan<float> values) =>
        _options.Setpoint switch
        {
            VehicleSetpoint.Rates => _vehicle.SendRates(values, values[3]),
            VehicleSetpoint.Attitude => _vehicle.SendAttitude(values, values[4]),
            VehicleSetpoint.Velocity => _vehicle.SendVelocity(values, values[3]),
            _ => _vehicle.SendPosition(values, values[3]),
        };

    private void NoticeRestarts()
    {
        bool down = _vehicle.Link.Status == StreamStatus.Lost;
        if (down == _down && Generation == _generation && _vehicle.Restarts == _restarts)
            return;
        _down = down;
        _generation = Generation;
        _restarts = _vehicle.Restarts;
        _vehicle.Forget();
        _setup.Restart();
        _engagement.Forget();
    }

    private ReadStatus Fill(SensorSample sample)
    {
        if (_down || _setup.Stage == VehicleStage.Refused || _engagement.Stage == EngagementStage.Refused)
            return ReadStatus.Faulted;
        VehicleState s = _vehicle.State;
        if (_vehicle.State.Updates == 0 || s.OrientationNs == long.MinValue || s.PositionNs == long.MinValue)
            return ReadStatus.Missing;
        if (!_vehicle.IsHeard)
            return ReadStatus.Faulted;
        bool fresh = s.Updates != _updates;
        if (fresh)
            Copy(s, sample);
        _updates = s.Updates;
        return fresh ? ReadStatus.Ok : ReadStatus.Unchanged;
    }

    // Order of VehicleChannels.State: position 3, orientation 4, velocity 3, angular velocity 3.
    private void Copy(VehicleState s, SensorSample sample)
    {
        s.Position.CopyTo(sample.Values);
        s.Orientation.CopyTo(sample.Values[3..]);
        s.Velocity.CopyTo(sample.Values[7..]);
        s.AngularVelocity.CopyTo(sample.Values[_rates..]);
        sample.TimesNs[..3].Fill(s.PositionNs);
        sample.TimesNs[3..7].Fill(s.OrientationNs);
        sample.TimesNs[7..10].Fill(s.PositionNs);
        sample.TimesNs.Slice(_rates, 3).Fill(s.AngularVelocityNs);
        sample.SampleTimeNs = s.MeasuredNs;
        sample.Sequence++;
    }
}
