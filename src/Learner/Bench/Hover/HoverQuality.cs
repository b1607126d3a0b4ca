using Robotics.Learner.Networks;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Hover;

/// <summary>How well a policy hovers, with noise and disturbance on and no exploration.</summary>
/// <param name="MeanEpisodeLength">Steps, of 500.</param>
/// <param name="SettledShare">Share of all episodes whose last |p| is below 0.2 m (an episode that left the box is not settled).</param>
/// <param name="MeanFinalError">Mean last |p| in m over the episodes that lasted.</param>
public sealed record HoverQuality(double MeanEpisodeLength, double SettledShare, double MeanFinalError)
{
    /// <summary>Flies <paramref name="episodes"/> episodes of <paramref name="simulation"/>.</summary>
    public static HoverQuality Of(Mlp policy, QuadrotorEnvironment simulation, int episodes)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        using var pilot = new HoverPilot(policy, simulation.Task);
        var frame = new float[simulation.Task.FrameLength];
        (long steps, int settled, int lasted, double error) = (0, 0, 0, 0);
        for (int e = 0; e < episodes; e++)
        {
            simulation.Reset();
            pilot.Reset();
            while (!simulation.IsTerminated && !simulation.IsTruncated)
            {
                simulation.Observe(frame);
                Span<float> action = pilot.Act(frame);
                simulation.Step(action);
                pilot.Executed(action);
            }
            steps += simulation.EpisodeStep;
            if (simulation.IsTerminated)
                continue;
            lasted++;
            error += simulation.DistanceToTarget;
            if (simulation.DistanceToTarget < EpisodeCounts.SettledM)
                settled++;
        }
        return new HoverQuality((double)steps / episodes, (double)settled / episodes, lasted == 0 ? double.NaN : error / lasted);
    }
}
