namespace Robotics.Runtime.Time;

/// <summary>Keeps every core of the machine out of idle states it would wake up late from, for as long as this object lives.</summary>
/// <remarks>A 32-bit number of microseconds written to /dev/cpu_dma_latency is the longest wake-up this process tolerates; the request ends
/// when the file is closed, so also with the process (kernel documentation, power/pm_qos_interface). 0 keeps idle cores polling, which costs
/// power: for robots on a battery the run file's <c>keep_cpu_awake</c> switches it off. cyclictest does the same.</remarks>
public sealed class CpuLatencyRequest : IDisposable
{
    private readonly FileStream _device;

    private CpuLatencyRequest(FileStream device) => _device = device;

    /// <summary>The kernel's file.</summary>
    public const string Device = "/dev/cpu_dma_latency";

    /// <summary>Asks for no idle latency at all.</summary>
    /// <param name="refusal">Why it could not be had, with the remedy; null where it is held.</param>
    /// <param name="device">The kernel's file.</param>
    /// <returns>The request, or null.</returns>
    public static CpuLatencyRequest? TryHold(out string? refusal, string device = Device)
    {
        try
        {
            // Shared: others may hold requests of their own; the kernel keeps the least. No buffer: the four bytes are one write.
            var file = new FileStream(device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(stackalloc byte[sizeof(int)]); // 0 us
            refusal = null;
            return new CpuLatencyRequest(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusal = $"cannot hold {device} at 0 us ({e.Message}): idle cores wake up late; copy hardware/80-robotics-realtime.rules to /etc/udev/rules.d and join its group, "
                + "or set keep_cpu_awake: false in the run file";
            return null;
        }
    }

    /// <summary>Lets the cores sleep again.</summary>
    public void Dispose() => _device.Dispose();
}
