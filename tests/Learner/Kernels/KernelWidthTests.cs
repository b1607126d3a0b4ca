using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Robotics.Learner.Kernels;
using Robotics.Learner.Tests.Networks;

namespace Robotics.Learner.Tests.Kernels;

/// <summary>The kernel and gradient tests once more in a child process whose runtime has the wider registers switched off.</summary>
/// <remarks>There nothing falls back on what the machine has besides: <c>Auto</c>, the noise generator and the policy head take the path of a
/// machine that ends at that width. 128 bits is the portable text that arm64 runs (NEON there, SSE here).</remarks>
public sealed partial class KernelWidthTests
{
    private const string Asked = "ROBOTICS_TEST_KERNELS"; // tells a child what its widest kernels are to be
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(5);

    // DOTNET_EnableAVX=0 takes AVX2, FMA and AVX-512 with it; DOTNET_EnableAVX512 is the name since .NET 10, EnableAVX512F was it before.
    [Theory]
    [InlineData("vector128", "DOTNET_EnableAVX")]
    [InlineData("avx2", "DOTNET_EnableAVX512")]
    public async Task ChildProcess_WiderSetsOff_EveryKernelEqualsPlain(string width, string off)
    {
        Assert.SkipUnless(width == "vector128" || DenseKernels.IsSupported(KernelChoice.Avx2), $"this machine has no {width}");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Robotics.Learner.Tests")) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (Type tests in (Type[])[typeof(KernelWidthTests), typeof(DenseKernelsTests), typeof(MlpGradientTests), typeof(GruTests)])
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(tests.FullName!);
        }
        start.ArgumentList.Add("-method-"); // not this one again
        start.ArgumentList.Add($"*.{nameof(ChildProcess_WiderSetsOff_EveryKernelEqualsPlain)}");
        start.ArgumentList.Add("-noColor");
        start.Environment[off] = "0";
        start.Environment[Asked] = width;
        using Process child = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_deadline);
        string report = await child.StandardOutput.ReadToEndAsync(limit.Token);
        await child.WaitForExitAsync(limit.Token);
        Match counts = Counts().Match(report);
        Assert.True(counts.Success && child.ExitCode == 0, report);
        int Count(string what) => int.Parse(counts.Groups[what].Value, CultureInfo.InvariantCulture);
        // 10 shapes forward and backward, Adam, GRU and the gradients run; what is skipped are the wider choices, each by its name.
        Assert.True(Count("total") - Count("skipped") >= 20, report);
        Assert.Equal(0, Count("failed"));
    }

    [Fact]
    public void Auto_WidthInForce_IsTheWidthAskedFor()
    {
        string widest = Avx512F.IsSupported ? "avx512" : DenseKernels.IsSupported(KernelChoice.Avx2) ? "avx2" : "vector128";
        string asked = Environment.GetEnvironmentVariable(Asked) ?? widest;
        Assert.Equal(asked, DenseKernels.For(KernelChoice.Auto).Name);
        Assert.Equal(asked == "avx512", Vector512.IsHardwareAccelerated);
        Assert.Equal(asked != "vector128", Vector256.IsHardwareAccelerated);
        Assert.True(Vector128.IsHardwareAccelerated);
    }

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: 0, Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)")]
    private static partial Regex Counts();
}
