using Robotics.Core;
using Robotics.Learner.Success;
using Robotics.Policies;

namespace Robotics.Learner.Tests.Success;

public sealed class SuccessTrainerTests
{
    // Success is being within a ball that no plane cuts off from the rest; scales of the values differ by a thousand.
    private static SuccessExamples Ball(ulong seed)
    {
        var random = new SeededRandom(seed, "ball");
        var examples = new SuccessExamples(3);
        for (int i = 0; i < 4000; i++)
        {
            double x = random.NextUniform(-1, 1), y = random.NextUniform(-1, 1);
            double r = Math.Sqrt((x * x) + (y * y));
            if (r is > 0.35 and < 0.45)
                continue; // nobody could tell
            examples.Add(r < 0.4, [(float)(1000 * x), (float)(5 + (0.01 * y)), 7]);
        }
        return examples;
    }

    [Fact]
    public void Train_SuccessInABall_TellsHeldOutFramesApartAndTheImageGivesTheSameAnswers()
    {
        (byte[] image, SuccessReport report) = SuccessTrainer.Train(Ball(1), new SuccessTrainingOptions { Steps = 2000, LearningRate = 3e-3, Threshold = 0.8 });
        Assert.InRange(report.Recall, 0.9, 1);
        Assert.InRange(report.FalsePositiveRate, 0, 0.02);
        var network = new PolicyNetwork(1 << 16);
        Assert.True(network.TryLoad(image));
        var logit = new float[1];
        Assert.True(network.Act([0, 5, 7], logit));
        Assert.True(logit[0] > 1.5f, $"logit {logit[0]} in the middle of the ball");
        Assert.True(network.Act([900, 5.008f, 7], logit));
        Assert.True(logit[0] < -1.5f, $"logit {logit[0]} far outside");
    }

    [Fact]
    public void Train_EqualSeeds_GiveEqualBytes()
    {
        var options = new SuccessTrainingOptions { Steps = 50, Seed = 4 };
        Assert.Equal(SuccessTrainer.Train(Ball(2), options).Image, SuccessTrainer.Train(Ball(2), options).Image);
    }

    [Fact]
    public void Train_OneKindOnly_SaysWhatIsMissing()
    {
        var examples = new SuccessExamples(1);
        for (int i = 0; i < 100; i++)
            examples.Add(success: false, [i]);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => SuccessTrainer.Train(examples, new SuccessTrainingOptions()));
        Assert.Contains("0 frames of success and 100 others", e.Message, StringComparison.Ordinal);
    }
}
