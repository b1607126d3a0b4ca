using Robotics.Runtime.Time;

namespace Robotics.Runtime.Tests.Control;

public sealed class CpuLatencyRequestTests
{
    [Fact]
    public void TryHold_DeviceThere_IsAskedForZeroMicrosecondsAndKeptOpen()
    {
        string device = Path.GetTempFileName();
        try
        {
            using CpuLatencyRequest? request = CpuLatencyRequest.TryHold(out string? refusal, device);
            Assert.Null(refusal);
            Assert.NotNull(request);
            Assert.Equal(new byte[4], File.ReadAllBytes(device));
            Assert.Contains(device, OpenFiles());
            request.Dispose();
            Assert.DoesNotContain(device, OpenFiles());
        }
        finally
        {
            File.Delete(device);
        }
    }

    [Fact]
    public void TryHold_NoDevice_SaysWhatToDo()
    {
        Assert.Null(CpuLatencyRequest.TryHold(out string? refusal, "/nowhere/cpu_dma_latency"));
        Assert.Contains("keep_cpu_awake", refusal, StringComparison.Ordinal);
    }

    private static string[] OpenFiles() => [.. Directory.EnumerateFiles("/proc/self/fd").Select(f => File.ResolveLinkTarget(f, returnFinalTarget: false)?.FullName ?? "")];
}
