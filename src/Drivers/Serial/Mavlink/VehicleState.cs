namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>What the autopilot last said about its motion, in REP-103 frames (world north-west-up, body forward-left-up), SI.</summary>
/// <remarks>Times are receive times on our monotonic clock, ns; <see cref="long.MinValue"/> where nothing arrived yet. Control thread.</remarks>
public sealed class VehicleState
{
    private readonly float[] _position = new float[3];
    private readonly float[] _velocity = new float[3];
    private readonly float[] _orientation = [1, 0, 0, 0];
    private readonly float[] _angularVelocity = new float[3];

    /// <summary>Position in the autopilot's local world, m.</summary>
    public Span<float> Position => _position;

    /// <summary>Velocity in the world, m/s.</summary>
    public Span<float> Velocity => _velocity;

    /// <summary>Unit Hamilton quaternion body to world, w x y z.</summary>
    public Span<float> Orientation => _orientation;

    /// <summary>Angular velocity in the body, rad/s.</summary>
    public Span<float> AngularVelocity => _angularVelocity;

    /// <summary>Receive time of position and velocity.</summary>
    public long PositionNs { get; internal set; } = long.MinValue;

    /// <summary>Receive time of the orientation.</summary>
    public long OrientationNs { get; internal set; } = long.MinValue;

    /// <summary>Receive time of the angular velocity.</summary>
    public long AngularVelocityNs { get; internal set; } = long.MinValue;

    /// <summary>When the newest value was measured, our clock, ns: the autopilot's stamp through TIMESYNC, or the receive time before that.</summary>
    public long MeasuredNs { get; internal set; } = long.MinValue;

    /// <summary>Newest time stamp of the autopilot, ns since its boot.</summary>
    public long VehicleTimeNs { get; internal set; } = long.MinValue;

    /// <summary>Counts messages that changed the state.</summary>
    public long Updates { get; internal set; }

    internal void Forget()
    {
        PositionNs = OrientationNs = AngularVelocityNs = MeasuredNs = VehicleTimeNs = long.MinValue;
    }
}
