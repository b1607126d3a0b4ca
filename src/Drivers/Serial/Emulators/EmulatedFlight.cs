using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A quadrotor with a cascade of loops (position, velocity, attitude, rate) standing on flat ground, world north-west-up.</summary>
internal sealed class EmulatedFlight
{
    public const double StepS = 0.0025; // 400 Hz: ArduPilot's loop rate, PX4's is 250-400 in simulation
    private const double MaxTilt = 0.6; // rad; MPC_TILTMAX_AIR and ANGLE_MAX are 35-45 degrees
    private readonly QuadrotorModel<double> _model;
    private readonly QuadrotorRateLoop _rateLoop;
    private readonly double[] _setpoints = new double[QuadrotorParameters.RotorCount];
    private readonly double _gravity;
    private QuadrotorState<double> _state;
    private Vector3<double> _velocityIntegral;

    public EmulatedFlight(QuadrotorParameters parameters)
    {
        _model = new QuadrotorModel<double>(parameters);
        _rateLoop = new QuadrotorRateLoop(parameters);
        _gravity = parameters.GravityMS2;
        _state = QuadrotorState<double>.AtRest(parameters.CommandMinimum);
    }

    public EmulatedTarget Target { get; set; } = EmulatedTarget.Velocity;

    public Vector3<double> TargetRates { get; set; }

    public Quaternion<double> TargetAttitude { get; set; } = Quaternion<double>.Identity;

    public double TargetThrust { get; set; }

    public Vector3<double> TargetVelocity { get; set; }

    public Vector3<double> TargetPosition { get; set; }

    public double TargetYaw { get; set; }

    public double TargetYawRate { get; set; }

    public ref readonly QuadrotorState<double> State => ref _state;

    public double HoverThrust => _rateLoop.HoverThrust;

    public bool OnGround { get; private set; } = true;

    public Vector3<double> SpecificForce { get; private set; }

    /// <summary>Puts the vehicle somewhere: for tests.</summary>
    public void Place(QuadrotorState<double> state) => _state = state;

    public void Step(bool motors)
    {
        if (motors)
            RunLoops();
        else
            _setpoints.AsSpan().Fill(_model.Parameters.CommandMinimum);
        Vector3<double> before = _state.LinearVelocity;
        _model.Step(ref _state, _setpoints, StepS);
        StandOnGround();
        Vector3<double> acceleration = 1 / StepS * (_state.LinearVelocity - before);
        SpecificForce = Conjugate(_state.Orientation).Rotate(acceleration + new Vector3<double>(0, 0, _gravity));
    }

    private void RunLoops()
    {
        Vector3<double> rates = TargetRates;
        double thrust = TargetThrust;
        if (Target is EmulatedTarget.Velocity or EmulatedTarget.Position)
            (TargetAttitude, thrust) = FollowVelocity();
        if (Target != EmulatedTarget.Rates)
            rates = FollowAttitude();
        _rateLoop.Solve(rates, thrust, _state.AngularVelocity, _setpoints);
    }

    // Velocity loop: wanted acceleration from the velocity error; the body's z axis points along it, thrust makes its length.
    private (Quaternion<double> Attitude, double Thrust) FollowVelocity()
    {
        const double positionGain = 0.95; // PX4 MPC_XY_P
        const double velocityGain = 4; // PX4 MPC_Z_VEL_P_ACC; with it both brakings come out as measured
        const double integralGain = 0.4; // PX4 MPC_XY_VEL_I_ACC
        Vector3<double> wanted = TargetVelocity;
        if (Target == EmulatedTarget.Position)
            wanted = Limit(positionGain * (TargetPosition - _state.Position), 3);
        Vector3<double> error = wanted - _state.LinearVelocity;
        _velocityIntegral = OnGround ? default : Limit(_velocityIntegral + (StepS * integralGain * error), 2);
        Vector3<double> force = (velocityGain * error) + _velocityIntegral + new Vector3<double>(0, 0, _gravity);
        force = LimitTilt(force);
        double yaw = Target == EmulatedTarget.Position ? TargetYaw : TargetYaw += StepS * TargetYawRate;
        Vector3<double> up = new Vector3<double>(0, 0, 1);
        double alongBody = Dot(_state.Orientation.Rotate(up), force);
        return (Towards(force, yaw), Math.Clamp(alongBody / _gravity * HoverThrust, 0.02, 1));
    }

    private static Vector3<double> LimitTilt(Vector3<double> force)
    {
        double vertical = Math.Max(1, force.Z);
        double level = Math.Sqrt((force.X * force.X) + (force.Y * force.Y));
        double most = vertical * Math.Tan(MaxTilt);
        double scale = level > most ? most / level : 1;
        return new(force.X * scale, force.Y * scale, vertical);
    }

    // Shortest rotation that brings z to the direction, after the yaw about the world's z.
    private static Quaternion<double> Towards(Vector3<double> direction, double yaw)
    {
        double length = Math.Sqrt(direction.LengthSquared);
        Vector3<double> d = 1 / length * direction;
        var tilt = new Quaternion<double>(1 + d.Z, -d.Y, d.X, 0).Normalised(); // z x d = (-d_y, d_x, 0)
        return Product(tilt, new(Math.Cos(yaw / 2), 0, 0, Math.Sin(yaw / 2)));
    }

    private Vector3<double> FollowAttitude()
    {
        double gain = _rateLoop.Gain / 3; // a third of the rate loop's bandwidth keeps the two apart
        Quaternion<double> error = Product(Conjugate(_state.Orientation), TargetAttitude);
        double sign = error.W < 0 ? -2 : 2;
        return Limit(gain * sign * new Vector3<double>(error.X, error.Y, error.Z), 4);
    }

    private void StandOnGround()
    {
        OnGround = _state.Position.Z <= 0.001 && _state.LinearVelocity.Z <= 0.05;
        if (_state.Position.Z > 0 || _state.LinearVelocity.Z > 0)
            return;
        double yaw = YawOf(_state.Orientation);
        _state.Position = new(_state.Position.X, _state.Position.Y, 0);
        _state.LinearVelocity = default;
        _state.AngularVelocity = default;
        _state.Orientation = new(Math.Cos(yaw / 2), 0, 0, Math.Sin(yaw / 2));
    }

    public static double YawOf(Quaternion<double> q) =>
        Math.Atan2(2 * ((q.W * q.Z) + (q.X * q.Y)), 1 - (2 * ((q.Y * q.Y) + (q.Z * q.Z))));

    private static Vector3<double> Limit(Vector3<double> v, double most)
    {
        double length = Math.Sqrt(v.LengthSquared);
        return length > most ? most / length * v : v;
    }

    private static double Dot(Vector3<double> a, Vector3<double> b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    private static Quaternion<double> Conjugate(Quaternion<double> q) => new(q.W, -q.X, -q.Y, -q.Z);

    private static Quaternion<double> Product(Quaternion<double> a, Quaternion<double> b) =>
        new(
            (a.W * b.W) - (a.X * b.X) - (a.Y * b.Y) - (a.Z * b.Z),
            (a.W * b.X) + (a.X * b.W) + (a.Y * b.Z) - (a.Z * b.Y),
            (a.W * b.Y) - (a.X * b.Z) + (a.Y * b.W) + (a.Z * b.X),
            (a.W * b.Z) + (a.X * b.Y) - (a.Y * b.X) + (a.Z * b.W)
        );
}
