using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Sac;

/// <summary>The buffers of one SAC update, allocated once, and the small loops between its stages.</summary>
internal sealed unsafe class SacScratch : IDisposable
{
    private readonly int _actions;
    private readonly int _threads;
    private readonly bool _traceOfCritic;
    private readonly AlignedBuffer _slopes; // [critic][B * A]
    private readonly AlignedBuffer _head;
    private readonly int[] _rowsOfLeast; // [critic][the rows where it is the least]
    private readonly int[] _leastCounts;

    public SacScratch(SacOptions options, ReplayLayout layout, MlpShape actor, MlpShape critic, int threads)
    {
        (_actions, _threads, _traceOfCritic) = (layout.ActionLength, threads, !options.ActorUsesMean);
        Batch = new ReplayBatch(layout, options.Batch);
        Policy = new SquashedGaussian(options.Batch, layout.ActionLength);
        ActorTraces = [.. Enumerable.Range(0, threads).Select(_ => new MlpTrace(actor, options.Batch))];
        // The minimum over critics is known only after all forward passes, so each needs its own trace until the reverse pass.
        int traces = _traceOfCritic ? Math.Max(threads, options.Critics) : threads;
        CriticTraces = [.. Enumerable.Range(0, traces).Select(_ => new MlpTrace(critic, options.Batch))];
        ActorGradients = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer(actor.ParameterLength))];
        Values = [.. Enumerable.Range(0, options.Critics).Select(_ => new float[options.Batch])];
        Target = new float[options.Batch];
        _rowsOfLeast = new int[options.Critics * options.Batch];
        _leastCounts = new int[options.Critics];
        _slopes = new AlignedBuffer((long)(options.Critics + 1) * options.Batch * _actions);
        int stride = DenseShape.StrideFor(actor.OutputLength);
        _head = new AlignedBuffer((long)options.Batch * stride);
        Head = new Matrix((nint)_head.Pointer, options.Batch, actor.OutputLength, stride);
    }

    public ReplayBatch Batch { get; }

    public SquashedGaussian Policy { get; }

    public MlpTrace[] ActorTraces { get; }

    public MlpTrace[] CriticTraces { get; }

    public AlignedBuffer[] ActorGradients { get; }

    /// <summary>Q of every critic, [critic][B].</summary>
    public float[][] Values { get; }

    /// <summary>y, [B].</summary>
    public float[] Target { get; }

    /// <summary>Actor outputs, later their gradient, [B, 2 A].</summary>
    public Matrix Head { get; }

    /// <summary>dL/da summed over critics, [B · A].</summary>
    public float* ActionSlope => _slopes.Pointer;

    /// <summary>First row and number of rows of one thread.</summary>
    public (int Start, int Count) RowsOf(int member)
    {
        // Whole tiles of eight rows, so that no thread pays for a remainder.
        int share = ((Batch.Size / _threads) + 7) / 8 * 8;
        int start = Math.Min(Batch.Size, member * share);
        return (start, member == _threads - 1 ? Batch.Size - start : Math.Min(share, Batch.Size - start));
    }

    public MlpTrace ActorPassTrace(int critic, int member) => CriticTraces[_traceOfCritic ? critic : member];

    public void CopyValues(Matrix q, int index)
    {
        for (int b = 0; b < q.Rows; b++)
            Values[index][b] = *q.Row(b);
    }

    public void CopyActionSlopes(Matrix inputGradient, int critic, int firstColumn)
    {
        float* target = _slopes.Pointer + ((nint)(critic + 1) * Batch.Size * _actions);
        for (int b = 0; b < inputGradient.Rows; b++)
        {
            float* slope = inputGradient.Row(b) + firstColumn;
            for (int j = 0; j < _actions; j++)
                *target++ = slope[j];
        }
    }

    public void ChooseLeastCritic(int critics)
    {
        Array.Clear(_leastCounts);
        for (int b = 0; b < Batch.Size; b++)
        {
            int least = 0;
            for (int i = 1; i < critics; i++)
            {
                if (Values[i][b] < Values[least][b])
                    least = i;
            }
            _rowsOfLeast[(least * Batch.Size) + _leastCounts[least]++] = b;
        }
    }

    /// <summary>The rows where <paramref name="critic"/> is the least.</summary>
    public ReadOnlySpan<int> RowsWhereLeast(int critic) => _rowsOfLeast.AsSpan(critic * Batch.Size, _leastCounts[critic]);

    /// <summary>Sets dL/da of <paramref name="rows"/> from the rows of <paramref name="inputGradient"/>.</summary>
    public void SetActionSlopes(Matrix inputGradient, ReadOnlySpan<int> rows, int firstColumn)
    {
        for (int b = 0; b < rows.Length; b++)
            new ReadOnlySpan<float>(inputGradient.Row(b) + firstColumn, _actions).CopyTo(new Span<float>(ActionSlope + ((nint)rows[b] * _actions), _actions));
    }

    public void SumActionSlopes(int critics)
    {
        int length = Batch.Size * _actions;
        float* sum = _slopes.Pointer;
        for (int n = 0; n < length; n++)
        {
            sum[n] = 0;
            for (int i = 1; i <= critics; i++)
                sum[n] += sum[((nint)i * length) + n];
        }
    }

    public void MergeActorGradients(DenseKernels kernels, AlignedBuffer gradient)
    {
        ActorGradients[0].Span.CopyTo(gradient.Span);
        for (int i = 1; i < _threads; i++)
            kernels.Add(gradient.Pointer, ActorGradients[i].Pointer, (int)gradient.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[Batch, Policy, .. ActorTraces, .. CriticTraces, .. ActorGradients, _slopes, _head])
            part.Dispose();
    }
}
