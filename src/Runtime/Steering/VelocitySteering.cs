using Robotics.Core;
using Robotics.Safety;
using Robotics.Teleop;

namespace Robotics.Runtime.Steering;

/// <summary>A quadrotor by velocities in its heading: forward, left, up, turn. The sticks let go, it stands in the air.</summary>
/// <remarks>The same cascade that the baseline hovers with (<see cref="QuadrotorBaseline"/>), an instance of its own, with the person's velocity in
/// place of the way to a held position.</remarks>
internal sealed class VelocitySteering : ISteering
{
    private readonly QuadrotorBaseline _flight;
    private readonly BaselineInput _input;
    private readonly SteeringSettings _settings;
    private readonly int[] _orientation;

    /// <summary>Steers with <paramref name="flight"/>; <paramref name="input"/> is what the supervisor knows of the robot in this tick.</summary>
    public VelocitySteering(QuadrotorBaseline flight, BaselineInput input, ChannelLayout state, SteeringSettings settings)
    {
        _flight = flight;
        _input = input;
        _settings = settings;
        _orientation = state.TryIndicesOf(ChannelNames.Orientation)!;
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

    // Yaw of the body's x axis in the world, rad.
    private double Heading()
    {
        double w = _input.Values[_orientation[0]], x = _input.Values[_orientation[1]], y = _input.Values[_orientation[2]], z = _input.Values[_orientation[3]];
        return Math.Atan2(2 * ((w * z) + (x * y)), 1 - (2 * ((y * y) + (z * z))));
    }
}
