using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>The distribution of a simulated robot's state at the start of an episode.</summary>
/// <remarks>With probability <c>guidance</c> position and attitude are the target's; velocities are drawn either way. What the file does
/// not name is left to the robot (NaN). Attitudes are uniform on SO(3) within the angle limit.</remarks>
internal sealed class ResetDistribution
{
    private readonly double _guidance, _positionM, _maxAngleRad, _velocity, _angularVelocity;
    private readonly double[] _centre;
    private readonly int[]? _position, _orientation, _linear, _angular, _rotor;
    private readonly float[] _rotorSpeed;
    private readonly (int Index, double Low, double High)[] _uniform;

    public ResetDistribution(ConfigMap map, ChannelLayout state)
    {
        _guidance = map.Number("guidance_probability", 0, 1, 0);
        _centre = map.Vector("centre_m", 3, -1e6, 1e6, [0, 0, 0]);
        _positionM = map.Number("position_m", 0, 1e6, 0);
        _maxAngleRad = map.Number("max_angle_rad", 0, Math.PI, 0);
        _velocity = map.Number("linear_velocity_m_s", 0, 1e6, 0);
        _angularVelocity = map.Number("angular_velocity_rad_s", 0, 1e6, 0);
        double share = map.Number("rotor_speed_share", 0, 1, 0.5); // middle of the range, as the published recipe
        _position = state.TryIndicesOf(ChannelNames.Position);
        _orientation = state.TryIndicesOf(ChannelNames.Orientation);
        _linear = state.TryIndicesOf(ChannelNames.LinearVelocity);
        _angular = state.TryIndicesOf(ChannelNames.AngularVelocity);
        _rotor = state.TryIndicesOf(ChannelNames.RotorSpeed);
        _rotorSpeed = [.. (_rotor ?? []).Select(i => (float)(state[i].Minimum + (share * (state[i].Maximum - state[i].Minimum))))];
        _uniform = [.. map.Maps("uniform", required: false).Select(m => ReadUniform(m, state))];
    }

    /// <summary>Draws a state into <paramref name="channels"/> (one value per state channel).</summary>
    /// <typeparam name="TDraws">Where the random numbers come from.</typeparam>
    public void Sample<TDraws>(TDraws random, Span<float> channels)
        where TDraws : IDraws
    {
        channels.Fill(float.NaN);
        bool guided = random.Uniform(0, 1) < _guidance;
        DrawPosition(random, channels, guided);
        DrawOrientation(random, channels, guided);
        Draw(random, channels, _linear, _velocity);
        Draw(random, channels, _angular, _angularVelocity);
        for (int i = 0; i < _rotorSpeed.Length; i++)
            channels[_rotor![i]] = _rotorSpeed[i];
        foreach ((int index, double low, double high) in _uniform)
        {
            if (index >= 0)
                channels[index] = (float)random.Uniform(low, high);
        }
    }

    private void DrawPosition<TDraws>(TDraws random, Span<float> channels, bool guided)
        where TDraws : IDraws
    {
        if (_position is null)
            return;
        for (int i = 0; i < 3; i++)
            channels[_position[i]] = (float)(_centre[i] + (guided ? 0 : random.Uniform(-_positionM, _positionM)));
    }

    private void DrawOrientation<TDraws>(TDraws random, Span<float> channels, bool guided)
        where TDraws : IDraws
    {
        if (_orientation is null)
            return;
        double w = 1, x = 0, y = 0, z = 0;
        if (!guided && _maxAngleRad > 0)
        {
            double angle = DrawAngle(random);
            (x, y, z) = (random.Gaussian(), random.Gaussian(), random.Gaussian()); // a uniform axis
            double factor = Math.Sin(angle / 2) / Math.Sqrt((x * x) + (y * y) + (z * z));
            (w, x, y, z) = (Math.Cos(angle / 2), x * factor, y * factor, z * factor);
        }
        channels[_orientation[0]] = (float)w;
        channels[_orientation[1]] = (float)x;
        channels[_orientation[2]] = (float)y;
        channels[_orientation[3]] = (float)z;
    }

    // The angle of a uniform rotation has the density 1 - cos t. Proposed is t^2 (the greatest of three uniform numbers), accepted with
    // the ratio 2 (1 - cos t) / t^2, which is at most 1: far fewer draws than rejecting whole quaternions, the same distribution.
    private double DrawAngle<TDraws>(TDraws random)
        where TDraws : IDraws
    {
        while (true)
        {
            double t = _maxAngleRad * Math.Max(random.Uniform(0, 1), Math.Max(random.Uniform(0, 1), random.Uniform(0, 1)));
            double share = random.Uniform(0, 1), square = t * t;
            // 2 (1 - cos t) >= t^2 - t^4 / 12: four in five need no cosine.
            if (share <= 1 - (square / 12) || share * square <= 2 * (1 - Math.Cos(t)))
                return t;
        }
    }

    private static void Draw<TDraws>(TDraws random, Span<float> channels, int[]? indices, double limit)
        where TDraws : IDraws
    {
        foreach (int index in indices ?? [])
            channels[index] = (float)random.Uniform(-limit, limit);
    }

    private static (int Index, double Low, double High) ReadUniform(ConfigMap map, ChannelLayout state)
    {
        string channel = map.String("channel");
        int index = state.IndexOf(channel);
        if (index < 0)
            map.AddProblem("channel", $"the robot has no state channel '{channel}'");
        return (index, map.Number("low"), map.Number("high"));
    }
}
