using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>Adam for one network (Kingma and Ba 2015, arXiv:1412.6980), with weight decay apart from the gradient.</summary>
public sealed unsafe class AdamOptimizer : IDisposable
{
    private readonly AdamOptions _options;
    private readonly Mlp _network;

    public AdamOptimizer(Mlp network, AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        _options = options;
        Gradient = new AlignedBuffer(network.Shape.ParameterLength);
        First = new AlignedBuffer(network.Shape.ParameterLength);
        Second = new AlignedBuffer(network.Shape.ParameterLength);
    }

    /// <summary>dL/dparameters, filled by <see cref="Mlp.Backward"/>.</summary>
    public AlignedBuffer Gradient { get; }

    /// <summary>First moments.</summary>
    public AlignedBuffer First { get; }

    /// <summary>Second moments.</summary>
    public AlignedBuffer Second { get; }

    /// <summary>Updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>One update from <see cref="Gradient"/>; <paramref name="rateFactor"/> scales the learning rate and the
    /// weight decay (schedules).</summary>
    public void Step(double rateFactor = 1)
    {
        Updates++;
        int weights = _network.Shape.WeightLength;
        int biases = _network.Shape.ParameterLength - weights;
        AdamStep step = StepOf(rateFactor);
        Update(0, weights, step with { Keep = (float)(1 - (rateFactor * _options.WeightDecay)) });
        Update(weights, biases, step);
        _network.OnParametersChanged();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gradient.Dispose();
        First.Dispose();
        Second.Dispose();
    }

    private AdamStep StepOf(double rateFactor) =>
        new(
            (float)(rateFactor * _options.LearningRate / (1 - Math.Pow(_options.Beta1, Updates))),
            (float)_options.Beta1,
            (float)_options.Beta2,
            (float)(1 / (1 - Math.Pow(_options.Beta2, Updates))),
            (float)_options.Epsilon,
            Keep: 1,
            GradientScale: 1
        );

    private void Update(int offset, int length, AdamStep step)
    {
        _network.Kernels.Adam(
            _network.Parameters.Pointer + offset,
            Gradient.Pointer + offset,
            First.Pointer + offset,
            Second.Pointer + offset,
            length,
            step
        );
    }
}
