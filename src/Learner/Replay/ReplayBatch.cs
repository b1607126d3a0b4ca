using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Replay;

/// <summary>A gathered minibatch in the shapes the networks take. Allocated once, overwritten by every gather.</summary>
public sealed unsafe class ReplayBatch : IDisposable
{
    private readonly AlignedBuffer _memory;
    private readonly byte[] _images;
    private readonly byte[] _nextImages;
    private readonly int _imageLength;

    public ReplayBatch(ReplayLayout layout, int size)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int observation = DenseShape.StrideFor(layout.ObservationLength);
        int critic = DenseShape.StrideFor(layout.CriticInputLength);
        _memory = new AlignedBuffer(2L * size * (observation + critic));
        nint free = (nint)_memory.Pointer;
        Observation = Take(ref free, size, layout.ObservationLength, observation);
        NextObservation = Take(ref free, size, layout.ObservationLength, observation);
        CriticInput = Take(ref free, size, layout.CriticInputLength, critic);
        NextCriticInput = Take(ref free, size, layout.CriticInputLength, critic);
        Reward = new float[size];
        Continues = new float[size];
        Slots = new int[size];
        _imageLength = layout.ImageLength;
        (_images, _nextImages) = (new byte[size * _imageLength], new byte[size * _imageLength]);
    }

    /// <summary>Policy input at s, [B, frame + history].</summary>
    public Matrix Observation { get; }

    /// <summary>Policy input at s'.</summary>
    public Matrix NextObservation { get; }

    /// <summary>Critic state at s, then the executed action.</summary>
    public Matrix CriticInput { get; }

    /// <summary>Critic state at s'; the action columns are the algorithm's to fill.</summary>
    public Matrix NextCriticInput { get; }

    /// <summary>Reward under the weights in force at the gather, [B].</summary>
    public float[] Reward { get; }

    /// <summary>1 where s' has a value (truncated or not), 0 where s' is terminal, [B].</summary>
    public float[] Continues { get; }

    /// <summary>Camera images at s of one row, bytes as recorded; empty where the task has none.</summary>
    public Span<byte> Images(int row) => _images.AsSpan(row * _imageLength, _imageLength);

    /// <summary>Camera images at s'.</summary>
    public Span<byte> NextImages(int row) => _nextImages.AsSpan(row * _imageLength, _imageLength);

    /// <summary>Where each row came from, within its partition.</summary>
    public int[] Slots { get; }

    public int Size => Reward.Length;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static Matrix Take(ref nint free, int rows, int columns, int stride)
    {
        var matrix = new Matrix(free, rows, columns, stride);
        free += (nint)rows * stride * sizeof(float);
        return matrix;
    }
}
