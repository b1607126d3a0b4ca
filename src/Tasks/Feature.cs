using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>A quantity of the robot's state as a run of numbers in an observation: <c>(x - target) * scale + noise</c>.</summary>
/// <remarks>A rotation matrix is computed from the Hamilton quaternion: <c>R(q)</c> body to world, 9 values row by row, no target.</remarks>
/// <param name="Quantity">Name as in the task file, for example <c>position</c>.</param>
/// <param name="Indices">State channels it reads; the four of the quaternion for a rotation matrix.</param>
/// <param name="IsRotationMatrix">True where the nine entries of R(q) are meant.</param>
/// <param name="Target">Subtracted from each channel, channel's unit.</param>
/// <param name="Scale">Multiplies each value.</param>
/// <param name="Offset">Added after scaling (maps a range to [-1, 1]).</param>
/// <param name="NoiseStd">Standard deviation of the Gaussian noise a simulator adds, after scaling.</param>
/// <param name="Start">Where its values begin in the observation.</param>
internal sealed record Feature(
    string Quantity, int[] Indices, bool IsRotationMatrix, float[] Target, float[] Scale, float[] Offset, float NoiseStd, int Start)
{
    /// <summary>Number of values.</summary>
    public int Length => IsRotationMatrix ? 9 : Indices.Length;

    /// <summary>Writes the values of <paramref name="sample"/> into <paramref name="destination"/>, from <see cref="Start"/> on.</summary>
    public void Write(SensorSample sample, SeededRandom? noise, Span<float> destination)
    {
        Span<float> to = destination.Slice(Start, Length);
        ReadOnlySpan<float> from = sample.Values;
        if (IsRotationMatrix)
        {
            RotationMatrix(from[Indices[0]], from[Indices[1]], from[Indices[2]], from[Indices[3]], to);
        }
        else
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = ((from[Indices[i]] - Target[i]) * Scale[i]) + Offset[i];
        }
        if (noise is null || NoiseStd == 0)
            return;
        for (int i = 0; i < to.Length; i++)
            to[i] += NoiseStd * (float)noise.NextGaussian();
    }

    /// <summary>R(q) of the unit Hamilton quaternion (w, x, y, z), row by row.</summary>
    public static void RotationMatrix(float w, float x, float y, float z, Span<float> r)
    {
        r[0] = 1 - (2 * ((y * y) + (z * z)));
        r[1] = 2 * ((x * y) - (w * z));
        r[2] = 2 * ((x * z) + (w * y));
        r[3] = 2 * ((x * y) + (w * z));
        r[4] = 1 - (2 * ((x * x) + (z * z)));
        r[5] = 2 * ((y * z) - (w * x));
        r[6] = 2 * ((x * z) - (w * y));
        r[7] = 2 * ((y * z) + (w * x));
        r[8] = 1 - (2 * ((x * x) + (y * y)));
    }
}
