using System.Numerics;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Models;
using Robotics.Tasks;

namespace Robotics.Learner.Apg;

/// <summary>How well a policy hovers: the first episode of each of many vehicles, noise and disturbance on.</summary>
/// <param name="MeanEpisodeLength">Policy steps.</param>
/// <param name="SettledShare">Share of episodes that did not fail and ended within 0.2 m of the target.</param>
public sealed record ApgQuality(double MeanEpisodeLength, double SettledShare)
{
    /// <summary>Flies <paramref name="policy"/> in <paramref name="environment"/>, which must be fresh.</summary>
    public static unsafe ApgQuality Of(Mlp policy, BatchedEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(environment);
        int inputs = policy.Shape.InputLength, settled = 0;
        long steps = 0;
        using var memory = new AlignedBuffer((long)environment.Count * DenseShape.StrideFor(inputs));
        using var trace = new MlpTrace(policy.Shape, environment.Count, withGradients: false);
        var observations = new Matrix((nint)memory.Pointer, environment.Count, inputs, DenseShape.StrideFor(inputs));
        var pilot = new ApgPilot(environment);
        uint[] running = [.. Enumerable.Repeat(0xFFFFu, environment.Blocks)];
        for (int step = 1; step <= environment.Task.MaxEpisodeSteps; step++)
        {
            pilot.Observe(observations);
            pilot.Fly(policy, observations, trace);
            for (int block = 0; block < environment.Blocks; block++)
            {
                uint ended = running[block] & (uint)(environment.Failed[block] | environment.Truncated[block]);
                running[block] &= ~ended;
                steps += (long)step * BitOperations.PopCount(ended);
                for (uint left = ended & ~(uint)environment.Failed[block]; left != 0; left &= left - 1)
                {
                    int vehicle = (block * LaneBlocks.Lanes) + BitOperations.TrailingZeroCount(left);
                    settled += environment.LastDistances[vehicle] < EpisodeCounts.SettledM ? 1 : 0;
                }
            }
        }
        return new ApgQuality((double)steps / environment.Count, (double)settled / environment.Count);
    }
}
