using Robotics.Core;
using Robotics.Learner.Apg;
using Robotics.Learner.Kernels;
using Robotics.Tasks;
using Robotics.Tests.Shared;

namespace Robotics.Learner.Tests.Apg;

public sealed class ApgLearnerTests
{
    private static readonly SimulatedQuadrotorTask s_hover = SimulatedQuadrotorTask.Hover(SharedData.RepositoryRoot);

    private static BatchedEnvironment Environment(int vehicles, ulong seed) => s_hover.Batch(vehicles, seed);

    // The whole chain (network, action, dynamics, observation, history, cost) against central differences of the loss along random
    // directions of the parameters: the same seed flies the same noise, disturbance and start states.
    [Fact]
    public void Differentiate_AlongRandomDirections_EqualsFiniteDifferences()
    {
        const double step = 2e-3;
        var options = new ApgOptions(Horizon: 10);
        using var learner = new ApgLearner(Environment(32, 5), options, KernelChoice.Auto, seed: 3);
        learner.Fly();
        learner.Differentiate();
        float[] gradient = learner.Gradient.ToArray();
        var random = new SeededRandom(1, "directions");
        for (int trial = 0; trial < 8; trial++)
        {
            float[] direction = [.. gradient.Select(g => g == 0 ? 0 : (float)random.NextGaussian() * 0.1f)];
            double expected = (LossAt(direction, step) - LossAt(direction, -step)) / (2 * step);
            double actual = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            Assert.Equal(expected, actual, 0.02 * Math.Max(0.05, Math.Abs(expected)));
        }

        double LossAt(float[] direction, double shift)
        {
            using var other = new ApgLearner(Environment(32, 5), options, KernelChoice.Auto, seed: 3);
            Span<float> parameters = other.Policy.Parameters.Span;
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] += (float)(shift * direction[i]);
            other.Policy.OnParametersChanged();
            other.Fly();
            return other.Loss();
        }
    }

    [Fact]
    public void Update_400Times_LearnsToStayInTheBox()
    {
        using var learner = new ApgLearner(Environment(64, 1), new ApgOptions(), KernelChoice.Auto, seed: 1);
        double before = ApgQuality.Of(learner.Policy, Environment(208, 99)).MeanEpisodeLength;
        for (int i = 0; i < 400; i++)
            learner.Update();
        ApgQuality after = ApgQuality.Of(learner.Policy, Environment(208, 99));
        Assert.InRange(before, 10, 100);
        Assert.InRange(after.MeanEpisodeLength, 300, 500);
        Assert.True(double.IsFinite(learner.GradientNorm));
    }

    [Fact]
    public void Update_SameSeed_GivesTheSameWeights()
    {
        using var a = new ApgLearner(Environment(32, 1), new ApgOptions(), KernelChoice.Auto, seed: 1);
        using var b = new ApgLearner(Environment(32, 1), new ApgOptions(), KernelChoice.Auto, seed: 1);
        for (int i = 0; i < 3; i++)
        {
            a.Update();
            b.Update();
        }
        Assert.Equal(a.Policy.ToRowMajor(), b.Policy.ToRowMajor());
    }
}
