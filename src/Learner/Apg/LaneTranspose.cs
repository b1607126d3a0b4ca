using Robotics.Learner.Kernels;
using Robotics.Models;

namespace Robotics.Learner.Apg;

/// <summary>Moves values between blocks of 16 vehicles (one row per value) and batches (one row per vehicle).</summary>
internal static class LaneTranspose
{
    private const int Lanes = LaneBlocks.Lanes;

    /// <summary>Batch rows 16 * block..., columns <paramref name="column"/>... from all rows of <paramref name="lanes"/>.</summary>
    public static void ToBatch(ReadOnlySpan<float> lanes, Matrix batch, int block, int column)
    {
        int rows = lanes.Length / Lanes;
        for (int lane = 0; lane < Lanes; lane++)
        {
            Span<float> to = batch.Span((block * Lanes) + lane).Slice(column, rows);
            for (int i = 0; i < to.Length; i++)
                to[i] = lanes[(i * Lanes) + lane];
        }
    }

    /// <summary>All rows of <paramref name="lanes"/> from batch rows 16 * block..., columns <paramref name="column"/>....</summary>
    public static void ToLanes(Matrix batch, int block, int column, Span<float> lanes)
    {
        int rows = lanes.Length / Lanes;
        for (int lane = 0; lane < Lanes; lane++)
        {
            ReadOnlySpan<float> from = batch.Span((block * Lanes) + lane).Slice(column, rows);
            for (int i = 0; i < from.Length; i++)
                lanes[(i * Lanes) + lane] = from[i];
        }
    }
}
