using System.Runtime.Intrinsics;

namespace Robotics.Learner.Kernels;

/// <summary>A view of row-major floats: element (r, c) is <c>Data[r * Stride + c]</c>. Owns nothing.</summary>
/// <param name="Data">64-byte aligned where the kernels are to run at full speed.</param>
/// <param name="Rows">Batch dimension.</param>
/// <param name="Columns">Meaningful floats of a row.</param>
/// <param name="Stride">Floats from one row to the next; columns beyond <paramref name="Columns"/> are padding that holds zeros.</param>
public readonly unsafe record struct Matrix(nint Data, int Rows, int Columns, int Stride)
{
    /// <summary>First float of row <paramref name="row"/>.</summary>
    public float* Row(int row) => (float*)Data + ((nint)row * Stride);

    /// <summary>The first <paramref name="rows"/> rows.</summary>
    public Matrix Head(int rows) => this with { Rows = rows };

    /// <summary>Rows [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>).</summary>
    public Matrix Slice(int start, int count) => this with { Data = (nint)Row(start), Rows = count };

    /// <summary>Copies all rows, padding included, to <paramref name="target"/>, which has as many columns.</summary>
    public void CopyTo(Matrix target)
    {
        for (int row = 0; row < Rows; row++)
        {
            float* from = Row(row), to = target.Row(row);
            for (int i = 0; i < Columns; i += Vector256<float>.Count)
                Vector256.Load(from + i).Store(to + i);
        }
    }

    /// <summary>The meaningful floats of row <paramref name="row"/>.</summary>
    public Span<float> Span(int row) => new(Row(row), Columns);
}
