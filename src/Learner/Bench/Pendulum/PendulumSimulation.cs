using Robotics.Core;

namespace Robotics.Learner.Bench.Pendulum;

/// <summary>The torque-limited pendulum of Gymnasium (Pendulum-v1): swing up and balance.</summary>
/// <remarks>θ = 0 is upright. θ'' = 3 g / (2 l) sin θ + 3 / (m l²) u, u in [-2, 2] N m, |θ'| at most 8 rad/s, steps of 0.05 s, semi-implicit
/// Euler. Reward of the current state: -(θ² + 0.1 θ'² + 0.001 u²). Episodes of 200 steps, never terminal.</remarks>
public sealed class PendulumSimulation
{
    public const int FrameLength = 3;
    public const int MaxEpisodeSteps = 200;

    private const double Gravity = 10; // m/s², Gymnasium's default
    private const double Dt = 0.05; // s
    private const double MaxTorque = 2; // N m
    private const double MaxSpeed = 8; // rad/s

    private readonly SeededRandom _reset;
    private double _angle;
    private double _speed;

    public PendulumSimulation(ulong seed) => _reset = new SeededRandom(seed, "reset");

    /// <summary>Steps since the reset.</summary>
    public int EpisodeStep { get; private set; }

    /// <summary>θ in U(-π, π), θ' in U(-1, 1).</summary>
    public void Reset()
    {
        _angle = _reset.NextUniform(-Math.PI, Math.PI);
        _speed = _reset.NextUniform(-1, 1);
        EpisodeStep = 0;
    }

    /// <summary>cos θ, sin θ, θ'.</summary>
    public void Observe(Span<float> frame)
    {
        frame[0] = (float)Math.Cos(_angle);
        frame[1] = (float)Math.Sin(_angle);
        frame[2] = (float)_speed;
    }

    /// <summary>One step under <paramref name="action"/> in [-1, 1]; returns the reward.</summary>
    public double Step(float action)
    {
        double torque = Math.Clamp(action, -1f, 1f) * MaxTorque;
        double angle = Math.IEEERemainder(_angle, 2 * Math.PI);
        double reward = -((angle * angle) + (0.1 * _speed * _speed) + (0.001 * torque * torque));
        _speed = Math.Clamp(_speed + (((1.5 * Gravity * Math.Sin(_angle)) + (3 * torque)) * Dt), -MaxSpeed, MaxSpeed);
        _angle += _speed * Dt;
        EpisodeStep++;
        return reward;
    }
}
