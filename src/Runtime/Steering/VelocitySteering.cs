using Robotics.Core;
using Robotics.Safety;
using Robotics.Tasks;
using Robotics.Teleop;

namespace Robotics.Runtime.Steering;

/// <summary>A quadrotor by velocities in its heading: forward, left, up, turn. The sticks let go, it stands in the air.</summary>
/// <remarks>The same cascade that the baseline hovers with (<see cref="QuadrotorBaseline"/>), an instance of its own, with the person's velocity in
/// place of the way to a held position.</remarks>
internal sealed class VelocitySteering : ISteering
{
    private const double HomeGain = 0.8; // 1/s: a third of the fastest velocity loop, as the baseline's position loop
    private const double HomeShare = 0.5; // of the person's greatest speed
    private const double AtRest = 0.15; // m/s

    private readonly QuadrotorBaseline _flight;
    private readonly BaselineInput _input;
    private readonly SteeringSettings _settings;
    private readonly int[] _orientation;
    private readonly int[] _position;
    private readonly int[] _velocity;

    /// <summary>Steers with <paramref name="flight"/>; <paramref name="input"/> is what the supervisor knows of the robot in this tick.</summary>
    public VelocitySteering(QuadrotorBaseline flight, BaselineInput input, ChannelLayout state, SteeringSettings settings)
    {
        _flight = flight;
        _input = input;
        _settings = settings;
        _orientation = state.TryIndicesOf(ChannelNames.Orientation)!;
        _position = state.TryIndicesOf(ChannelNames.Position)!;
        _velocity = state.TryIndicesOf(ChannelNames.LinearVelocity)!;
    }

    /// <inheritdoc/>
    public int MotionLength => 4;

    /// <inheritdoc/>
    public void Follow() => _flight.Follow(_input);

    /// <inheritdoc/>
    public bool TrySteer(ReadOnlySpan<float> motion, Span<float> command)
    {
        (double sin, double cos) = Math.SinCos(Heading());
        double forward = _settings.MaxSpeed * motion[0], left = _settings.MaxSpeed * motion[1];
        ReadOnlySpan<double> velocity = [(cos * forward) - (sin * left), (sin * forward) + (cos * left), _settings.MaxClimb * motion[2]];
        return _flight.TrySteer(_input, velocity, _settings.MaxTurn * motion[3], command);
    }

    /// <inheritdoc/>
    public bool TryGoHome(ResetSettings home, Span<float> command, out bool arrived)
    {
        Span<double> velocity = stackalloc double[3];
        double distance = 0, speed = 0;
        for (int i = 0; i < 3; i++)
        {
            double error = home.HomeM[i] - _input.Values[_position[i]];
            double limit = HomeShare * (i == 2 ? _settings.MaxClimb : _settings.MaxSpeed);
            velocity[i] = Math.Clamp(HomeGain * error, -limit, limit);
            distance += error * error;
            speed += _input.Values[_velocity[i]] * _input.Values[_velocity[i]];
        }
        arrived = distance <= home.Tolerance * home.Tolerance && speed <= AtRest * AtRest;
        return _input.AreFresh(_position) && _flight.TrySteer(_input, velocity, 0, command);
    }

    // Yaw of the body's x axis in the world, rad.
    private double Heading()
    {
        double w = _input.Values[_orientation[0]], x = _input.Values[_orientation[1]], y = _input.Values[_orientation[2]], z = _input.Values[_orientation[3]];
        return Math.Atan2(2 * ((w * z) + (x * y)), 1 - (2 * ((y * y) + (z * z))));
    }
}
