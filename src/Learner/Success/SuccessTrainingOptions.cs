namespace Robotics.Learner.Success;

/// <summary>How a success classifier is trained.</summary>
public sealed record SuccessTrainingOptions
{
    /// <summary>Units of the one hidden layer; 0 for logistic regression.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>Gradient steps.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Examples of a step, half of them of either kind, as HIL-SERL's train_reward_classifier.py draws them.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Step size of Adam; 1e-3 is Kingma and Ba's.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Share of the examples of either kind that is held out to measure with.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>Probability from which on the report counts a frame as success.</summary>
    public double Threshold { get; init; } = 0.9;

    /// <summary>Of the first weights, the split and the batches.</summary>
    public ulong Seed { get; init; }
}
