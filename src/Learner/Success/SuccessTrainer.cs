using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Policies;
using Activation = Robotics.Learner.Kernels.Activation;

namespace Robotics.Learner.Success;

/// <summary>Trains p(success | frame) by logistic regression or a small network, by the same kernels that the learner uses.</summary>
/// <remarks>L = −[y ln σ(z) + (1 − y) ln(1 − σ(z))], so dL/dz = σ(z) − y. Frames are standardised while training; mean and deviation are folded into
/// the first layer afterwards, so that the edge needs the network alone. Equal seeds give equal bytes.</remarks>
public static unsafe class SuccessTrainer
{
    private const int ReportedBatches = 100;

    /// <summary>A network image that gives the logit of success, and how good it is.</summary>
    /// <exception cref="InvalidDataException">There are not at least five frames of either kind.</exception>
    public static (byte[] Image, SuccessReport Report) Train(SuccessExamples examples, SuccessTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(options);
        if (Math.Min(examples.Positive.Count, examples.Negative.Count) < 5)
            throw new InvalidDataException($"{examples.Positive.Count} frames of success and {examples.Negative.Count} others; at least 5 of either are needed: judge more episodes");
        var random = new SeededRandom(options.Seed, "success classifier");
        (float[][] positive, float[][] heldPositive) = Split(examples.Positive, options.HeldOut, random);
        (float[][] negative, float[][] heldNegative) = Split(examples.Negative, options.HeldOut, random);
        (float[] mean, float[] scale) = Moments([.. positive, .. negative]);
        int[] widths = options.Hidden > 0 ? [examples.FrameLength, options.Hidden, 1] : [examples.FrameLength, 1];
        using var network = new Mlp(new MlpShape(widths, Activation.Relu, Activation.Identity), DenseKernels.For(KernelChoice.Auto));
        network.Initialize(random);
        double loss = Descend(network, positive, negative, mean, scale, options, random);
        Fold(network, mean, scale);
        NetworkSpec spec = NetworkSpec.Mlp(widths, Policies.Activation.Relu, Policies.Activation.Identity, clampOutput: false);
        float[] parameters = network.ToRowMajor();
        byte[] image = NetworkImage.Write(spec, parameters, new NetworkImageFacts(new PolicyIdentity(1, 1, 1, 1), 0, 0, 0, ClampOutput: false));
        PolicyNetwork judge = PolicyNetwork.Create(spec, parameters);
        double limit = Math.Log(options.Threshold / (1 - options.Threshold));
        return (image, new SuccessReport(
            examples.Positive.Count, examples.Negative.Count, heldPositive.Length, heldNegative.Length, ShareAbove(judge, heldPositive, limit), ShareAbove(judge, heldNegative, limit), loss));
    }

    private static double Descend(Mlp network, float[][] positive, float[][] negative, float[] mean, float[] scale, SuccessTrainingOptions options, SeededRandom random)
    {
        int stride = DenseShape.StrideFor(mean.Length);
        using var memory = new AlignedBuffer((long)options.Batch * stride);
        var input = new Matrix((nint)memory.Pointer, options.Batch, mean.Length, stride);
        using var trace = new MlpTrace(network.Shape, options.Batch);
        using var adam = new AdamOptimizer(network, new AdamOptions(options.LearningRate));
        double recent = 0;
        for (int step = 0; step < options.Steps; step++)
        {
            for (int row = 0; row < options.Batch; row++)
            {
                float[][] kind = row % 2 == 0 ? positive : negative;
                Standardise(kind[random.NextInt(kind.Length)], mean, scale, input.Span(row));
            }
            Matrix logits = network.Forward(input, trace);
            double loss = 0;
            for (int row = 0; row < options.Batch; row++)
            {
                double y = row % 2 == 0 ? 1 : 0, z = *logits.Row(row);
                double p = 1 / (1 + Math.Exp(-z));
                *trace.OutputGradient.Row(row) = (float)((p - y) / options.Batch);
                loss += Math.Log(1 + Math.Exp(y > 0 ? -z : z)) / options.Batch;
            }
            network.Backward(trace, adam.Gradient);
            adam.Step();
            recent += step >= options.Steps - ReportedBatches ? loss / ReportedBatches : 0;
        }
        return recent;
    }

    // W (x − m)/s + b = (W/s) x + (b − W m/s).
    private static void Fold(Mlp network, float[] mean, float[] scale)
    {
        for (int n = 0; n < network.Shape.Layers[0].Outputs; n++)
        {
            double shift = 0;
            for (int k = 0; k < mean.Length; k++)
            {
                network.Weight(0, n, k) *= scale[k];
                shift += (double)network.Weight(0, n, k) * mean[k];
            }
            network.Bias(0, n) -= (float)shift;
        }
        network.OnParametersChanged();
    }

    private static void Standardise(float[] frame, float[] mean, float[] scale, Span<float> destination)
    {
        for (int i = 0; i < mean.Length; i++)
            destination[i] = (frame[i] - mean[i]) * scale[i];
    }

    private static (float[] Mean, float[] Scale) Moments(float[][] frames)
    {
        int length = frames[0].Length;
        var mean = new float[length];
        var scale = new float[length];
        for (int i = 0; i < length; i++)
        {
            double average = frames.Average(f => (double)f[i]);
            double variance = frames.Average(f => (f[i] - average) * (f[i] - average));
            mean[i] = (float)average;
            scale[i] = (float)(1 / Math.Sqrt(variance + 1e-8)); // a value that never changes tells nothing and must not divide by zero
        }
        return (mean, scale);
    }

    private static (float[][] Training, float[][] HeldOut) Split(IReadOnlyList<float[]> frames, double share, SeededRandom random)
    {
        float[][] shuffled = [.. frames];
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        int held = Math.Clamp((int)(share * shuffled.Length), 1, shuffled.Length - 1);
        return (shuffled[held..], shuffled[..held]);
    }

    private static double ShareAbove(PolicyNetwork judge, float[][] frames, double limit)
    {
        Span<float> logit = stackalloc float[1];
        int above = 0;
        foreach (float[] frame in frames)
        {
            judge.Act(frame, logit);
            above += logit[0] > limit ? 1 : 0;
        }
        return (double)above / frames.Length;
    }
}
