using Robotics.Core;

namespace Robotics.Learner.Bench.Hover;

/// <summary>The published hover task in one process, for measuring the learner alone: the Crazyflie of arXiv:2311.13081 with its
/// noise, disturbance, resets and limits.</summary>
/// <remarks>State: p (m, world), q (w, x, y, z; body to world), v (m/s, world), w (rad/s, body), rotor speeds (rpm). RK4 at 100 Hz.</remarks>
public sealed class HoverSimulation
{
    public const int FrameLength = 18;
    public const int PrivilegedLength = 28;
    public const int ActionLength = 4;
    public const int HistoryLength = 32;
    public const int MaxEpisodeSteps = 500;

    private const float Dt = 0.01f;
    private const float Mass = 0.027f;
    private const float Gravity = 9.81f;
    private const float Jxy = 3.85e-6f;
    private const float Jz = 5.9675e-6f;
    private const float ThrustCoefficient = 3.16e-10f; // N/rpm²
    private const float TorquePerThrust = 0.005964552f; // m
    private const float MotorLag = 0.15f; // s
    private const float MaxRpm = 21702;
    private const float Arm = 0.028f; // m, along x and y
    private const float PositionLimit = 0.6f; // m
    private const int StateLength = 17;

    private readonly SeededRandom _reset;
    private readonly SeededRandom _noise;
    private readonly float[] _x = new float[StateLength];
    private readonly float[] _scratch = new float[6 * StateLength];
    private readonly float[] _disturbance = new float[6];
    private readonly float[] _setpoint = new float[4];

    public HoverSimulation(ulong seed)
    {
        _reset = new SeededRandom(seed, "reset");
        _noise = new SeededRandom(seed, "noise");
    }

    /// <summary>Steps since the reset.</summary>
    public int EpisodeStep { get; private set; }

    /// <summary>|p| in m.</summary>
    public float PositionError => MathF.Sqrt((_x[0] * _x[0]) + (_x[1] * _x[1]) + (_x[2] * _x[2]));

    /// <summary>The task's box was left.</summary>
    public bool IsTerminal =>
        !(MathF.Abs(_x[0]) <= PositionLimit && MathF.Abs(_x[1]) <= PositionLimit && MathF.Abs(_x[2]) <= PositionLimit);

    /// <summary>Draws the next episode's start and disturbance.</summary>
    public void Reset()
    {
        EpisodeStep = 0;
        bool guided = _reset.NextDouble() < 0.1;
        for (int i = 0; i < 3; i++)
            _x[i] = guided ? 0 : (float)_reset.NextUniform(-0.2, 0.2);
        DrawAttitude(guided);
        for (int i = 7; i < 13; i++)
            _x[i] = (float)_reset.NextUniform(-1, 1);
        for (int i = 13; i < 17; i++)
            _x[i] = MaxRpm / 2;
        for (int i = 0; i < 6; i++)
            _disturbance[i] = (float)(_reset.NextGaussian() * Mass * Gravity / (i < 3 ? 20 : 10_000));
    }

    /// <summary>Noisy p, R (row major), v, w: 18 values.</summary>
    public void Observe(Span<float> frame)
    {
        WriteState(frame);
        for (int i = 0; i < FrameLength; i++)
            frame[i] += (float)_noise.NextGaussian() * (i < 12 ? 0.001f : 0.002f);
    }

    /// <summary>Noise-free p, R, v, w, F (N), M (Nm), rotor speeds in [-1, 1]: 28 values.</summary>
    public void ObservePrivileged(Span<float> privileged)
    {
        WriteState(privileged);
        _disturbance.CopyTo(privileged[18..]);
        for (int i = 0; i < 4; i++)
            privileged[24 + i] = (_x[13 + i] / (MaxRpm / 2)) - 1;
    }

    /// <summary>One period under <paramref name="action"/> in [-1, 1].</summary>
    public void Step(ReadOnlySpan<float> action)
    {
        for (int i = 0; i < 4; i++)
            _setpoint[i] = (Math.Clamp(action[i], -1, 1) + 1) * (MaxRpm / 2);
        Integrate();
        float norm = 1 / MathF.Sqrt((_x[3] * _x[3]) + (_x[4] * _x[4]) + (_x[5] * _x[5]) + (_x[6] * _x[6]));
        for (int i = 3; i < 7; i++)
            _x[i] *= norm;
        for (int i = 13; i < 17; i++)
            _x[i] = Math.Clamp(_x[i], 0, MaxRpm);
        EpisodeStep++;
    }

    private void DrawAttitude(bool guided)
    {
        double w = 1, x = 0, y = 0, z = 0;
        while (!guided)
        {
            (w, x, y, z) = (_reset.NextGaussian(), _reset.NextGaussian(), _reset.NextGaussian(), _reset.NextGaussian());
            double n = 1 / Math.Sqrt((w * w) + (x * x) + (y * y) + (z * z));
            (w, x, y, z) = (w * n, x * n, y * n, z * n);
            if (2 * Math.Acos(w) <= 1.57)
                break;
        }
        (_x[3], _x[4], _x[5], _x[6]) = ((float)w, (float)x, (float)y, (float)z);
    }

    private void WriteState(Span<float> target)
    {
        (float w, float x, float y, float z) = (_x[3], _x[4], _x[5], _x[6]);
        _x.AsSpan(0, 3).CopyTo(target);
        target[3] = 1 - (2 * ((y * y) + (z * z)));
        target[4] = 2 * ((x * y) - (w * z));
        target[5] = 2 * ((x * z) + (w * y));
        target[6] = 2 * ((x * y) + (w * z));
        target[7] = 1 - (2 * ((x * x) + (z * z)));
        target[8] = 2 * ((y * z) - (w * x));
        target[9] = 2 * ((x * z) - (w * y));
        target[10] = 2 * ((y * z) + (w * x));
        target[11] = 1 - (2 * ((x * x) + (y * y)));
        _x.AsSpan(7, 6).CopyTo(target[12..]);
    }

    private void Integrate()
    {
        Span<float> all = _scratch;
        Span<float> k1 = all[..17], k2 = all[17..34], k3 = all[34..51], k4 = all[51..68], probe = all[68..85];
        Derivative(_x, k1);
        Probe(probe, k1, Dt / 2);
        Derivative(probe, k2);
        Probe(probe, k2, Dt / 2);
        Derivative(probe, k3);
        Probe(probe, k3, Dt);
        Derivative(probe, k4);
        for (int i = 0; i < StateLength; i++)
            _x[i] += Dt / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]);
    }

    private void Probe(Span<float> probe, Span<float> slope, float h)
    {
        for (int i = 0; i < StateLength; i++)
            probe[i] = _x[i] + (h * slope[i]);
    }

    private void Derivative(ReadOnlySpan<float> x, Span<float> d)
    {
        (float q0, float q1, float q2, float q3) = (x[3], x[4], x[5], x[6]);
        (float wx, float wy, float wz) = (x[10], x[11], x[12]);
        float t0 = ThrustCoefficient * x[13] * x[13], t1 = ThrustCoefficient * x[14] * x[14];
        float t2 = ThrustCoefficient * x[15] * x[15], t3 = ThrustCoefficient * x[16] * x[16];
        float specific = (t0 + t1 + t2 + t3) / Mass;
        // Rotors front right, back right, back left, front left; torque directions -, +, -, +.
        float tx = Arm * (-t0 - t1 + t2 + t3);
        float ty = Arm * (-t0 + t1 + t2 - t3);
        float tz = TorquePerThrust * (-t0 + t1 - t2 + t3);
        (d[0], d[1], d[2]) = (x[7], x[8], x[9]);
        d[3] = 0.5f * ((-q1 * wx) - (q2 * wy) - (q3 * wz));
        d[4] = 0.5f * ((q0 * wx) + (q2 * wz) - (q3 * wy));
        d[5] = 0.5f * ((q0 * wy) + (q3 * wx) - (q1 * wz));
        d[6] = 0.5f * ((q0 * wz) + (q1 * wy) - (q2 * wx));
        d[7] = (2 * ((q1 * q3) + (q0 * q2)) * specific) + (_disturbance[0] / Mass);
        d[8] = (2 * ((q2 * q3) - (q0 * q1)) * specific) + (_disturbance[1] / Mass);
        d[9] = ((1 - (2 * ((q1 * q1) + (q2 * q2)))) * specific) - Gravity + (_disturbance[2] / Mass);
        d[10] = (tx - ((Jz - Jxy) * wy * wz) + _disturbance[3]) / Jxy;
        d[11] = (ty - ((Jxy - Jz) * wx * wz) + _disturbance[4]) / Jxy;
        d[12] = (tz + _disturbance[5]) / Jz;
        for (int i = 0; i < 4; i++)
            d[13 + i] = (_setpoint[i] - x[13 + i]) / MotorLag;
    }
}
