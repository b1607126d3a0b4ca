using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A velocity reference that follows its target with bounded acceleration and jerk, as both firmwares brake.</summary>
internal sealed class VelocityShaper(double maxAcceleration, double maxJerk)
{
    private Vector3<double> _acceleration;

    public Vector3<double> Velocity { get; private set; }

    public void Start(Vector3<double> velocity)
    {
        Velocity = velocity;
        _acceleration = default;
    }

    /// <summary>Moves the reference towards <paramref name="target"/>: a = sqrt(2 j |e|) brings error and acceleration to zero together.</summary>
    public void Step(Vector3<double> target, double dt)
    {
        Vector3<double> error = target - Velocity;
        double size = Math.Sqrt(error.LengthSquared);
        double wanted = Math.Min(maxAcceleration, Math.Sqrt(2 * maxJerk * size) * 0.9);
        Vector3<double> change = (size < 1e-9 ? default : wanted / size * error) - _acceleration;
        double step = Math.Sqrt(change.LengthSquared);
        double allowed = maxJerk * dt;
        _acceleration += step > allowed ? allowed / step * change : change;
        Velocity += dt * _acceleration;
    }
}
