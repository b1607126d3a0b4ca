using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Sac;

/// <summary>The tanh-squashed Gaussian policy head over a batch: samples, log-probabilities and their gradient.</summary>
/// <remarks>
/// Head rows hold [mean | raw], A each. log σ = -5 + 3.5 (tanh(raw) + 1); u = mean + σ ε; a = tanh(u);
/// log π = Σ_j (-ε²/2 - log σ - log √(2π) - log(1 - a² + 1e-6)). Haarnoja et al. 2018 (arXiv:1812.05905), appendix C; bounds
/// of log σ (-5, 2) and the 1e-6 are CleanRL's, after Spinning Up and Denis Yarats.
/// </remarks>
internal sealed unsafe class SquashedGaussian : IDisposable
{
    private const float LogStdMiddle = -1.5f; // (-5 + 2) / 2
    private const float LogStdHalf = 3.5f; // (2 - -5) / 2
    private const float HalfLogTwoPi = 0.91893853f;
    private const float Tiny = 1e-6f;
    private const int Lanes = 16;

    private readonly int _actions;
    private readonly int _length;
    private readonly AlignedBuffer _memory;
    private readonly float* _mean;
    private readonly float* _squashedRaw;
    private readonly float* _deviation; // σ ε
    private readonly float* _log;

    public SquashedGaussian(int batch, int actions)
    {
        _actions = actions;
        _length = ((batch * actions) + (2 * Lanes) - 1) / (2 * Lanes) * 2 * Lanes; // GaussianNoise draws pairs of registers
        _memory = new AlignedBuffer(6L * _length);
        float* p = _memory.Pointer;
        Noise = p;
        Action = p + _length;
        _mean = p + (2 * _length);
        _squashedRaw = p + (3 * _length);
        _deviation = p + (4 * _length);
        _log = p + (5 * _length);
        LogProbability = new float[batch];
    }

    /// <summary>ε, [B · A].</summary>
    public float* Noise { get; }

    /// <summary>a, [B · A].</summary>
    public float* Action { get; }

    /// <summary>log π(a), [B].</summary>
    public float[] LogProbability { get; }

    /// <summary>σ for one raw output of the head.</summary>
    public static float Deviation(float raw) => MathF.Exp(LogStdMiddle + (LogStdHalf * MathF.Tanh(raw)));

    /// <summary>Draws actions for head rows [B, 2 A].</summary>
    public void Sample(Matrix head, GaussianNoise noise)
    {
        noise.Fill(new Span<float>(Noise, _length));
        for (int b = 0; b < head.Rows; b++)
        {
            float* row = head.Row(b);
            for (int j = 0; j < _actions; j++)
                (_mean[(b * _actions) + j], _squashedRaw[(b * _actions) + j]) = (row[j], row[_actions + j]);
        }
        for (int i = 0; i < _length; i += Lanes)
            SampleLanes(i);
        for (int b = 0; b < head.Rows; b++)
        {
            float sum = 0;
            for (int j = 0; j < _actions; j++)
                sum += _log[(b * _actions) + j];
            LogProbability[b] = sum;
        }
    }

    /// <summary>Gradient of mean over B of (α log π - Q) at the head, from dQ/da: <paramref name="head"/> receives [dmean | draw].</summary>
    /// <param name="valueSlope">-dQ/da · 1/B already summed over critics, [B · A].</param>
    /// <param name="weight">α / B.</param>
    /// <param name="head">Output gradient of the actor, [B, 2 A].</param>
    public void Backward(float* valueSlope, float weight, Matrix head)
    {
        for (int b = 0; b < head.Rows; b++)
        {
            float* row = head.Row(b);
            for (int j = 0; j < _actions; j++)
            {
                int i = (b * _actions) + j;
                float a = Action[i];
                float slope = 1 - (a * a);
                float du = (valueSlope[i] * slope) + (weight * 2 * a * slope / (slope + Tiny));
                row[j] = du;
                row[_actions + j] = ((du * _deviation[i]) - weight) * LogStdHalf * (1 - (_squashedRaw[i] * _squashedRaw[i]));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SampleLanes(int i)
    {
        Vector512<float> epsilon = Vector512.Load(Noise + i);
        Vector512<float> raw = Tanh(Vector512.Load(_squashedRaw + i));
        Vector512<float> logStd = (raw * LogStdHalf) + Vector512.Create(LogStdMiddle);
        Vector512<float> deviation = Vector512.Exp(logStd) * epsilon;
        Vector512<float> action = Tanh(Vector512.Load(_mean + i) + deviation);
        Vector512<float> density = (epsilon * epsilon * -0.5f) - logStd - Vector512.Create(HalfLogTwoPi);
        density -= Vector512.Log(Vector512.Create(1 + Tiny) - (action * action));
        raw.Store(_squashedRaw + i);
        deviation.Store(_deviation + i);
        action.Store(Action + i);
        density.Store(_log + i);
    }

    // tanh x = 1 - 2 / (e^2x + 1); beyond 9 it is 1 in float32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> bounded = Vector512.MinNative(Vector512.Create(9f), Vector512.MaxNative(Vector512.Create(-9f), x));
        return Vector512<float>.One - (Vector512.Create(2f) / (Vector512.Exp(bounded + bounded) + Vector512<float>.One));
    }
}
