using System.Runtime.InteropServices;
using Robotics.Learner.Kernels;

namespace Robotics.Learner.Bench.Gemm;

/// <summary>OpenBLAS of the machine (Debian: libopenblas0-pthread) on one thread, to be measured beside the own kernels.</summary>
public sealed unsafe partial class OpenBlas
{
    /// <summary>Environment variables that overrule the library's own choice of kernels: what is measured must not depend on them.</summary>
    public static readonly IReadOnlyList<string> Overrules = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112; // CBLAS_ORDER, CBLAS_TRANSPOSE in cblas.h
    private readonly delegate* unmanaged<int, int, int, int, int, int, float, nint, int, nint, int, float, nint, int, void> _sgemm;

    private OpenBlas(nint library)
    {
        _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, nint, int, nint, int, float, nint, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(1);
        Name = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "openblas_get_config"))()) ?? "OpenBLAS";
    }

    /// <summary>What the library says it is.</summary>
    public string Name { get; }

    /// <summary>Loads the library with the kernels that it takes for this processor; null where the machine has none.</summary>
    public static OpenBlas? TryLoad()
    {
        foreach (string name in Overrules.Where(_ => OperatingSystem.IsLinux()))
            _ = Unset(name); // the library reads the process's environment, not the runtime's copy
        return NativeLibrary.TryLoad("libopenblas.so.0", out nint library) ? new OpenBlas(library) : null;
    }

    /// <summary>y = x W: x [B, K], W [K, N].</summary>
    public void Forward(Matrix x, Matrix w, Matrix y) => Multiply(NoTranspose, NoTranspose, y.Rows, y.Columns, x.Columns, x, w, y);

    /// <summary>dx = dy Wᵀ.</summary>
    public void BackwardInput(Matrix dy, Matrix w, Matrix dx) => Multiply(NoTranspose, Transpose, dx.Rows, dx.Columns, dy.Columns, dy, w, dx);

    /// <summary>dW = xᵀ dy.</summary>
    public void BackwardWeights(Matrix x, Matrix dy, Matrix dw) => Multiply(Transpose, NoTranspose, dw.Rows, dw.Columns, x.Rows, x, dy, dw);

    private void Multiply(int left, int right, int m, int n, int k, Matrix a, Matrix b, Matrix c) =>
        _sgemm(RowMajor, left, right, m, n, k, 1, a.Data, a.Stride, b.Data, b.Stride, 0, c.Data, c.Stride);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
