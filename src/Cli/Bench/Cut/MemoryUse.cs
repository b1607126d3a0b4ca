using System.Globalization;

namespace Robotics.Cli.Bench;

/// <summary>What a process holds at a moment.</summary>
/// <param name="HeapBytes">Managed heap after a full collection.</param>
/// <param name="AnonymousBytes">Resident memory that no file stands behind (RssAnon of /proc/self/status).</param>
/// <param name="MappedBytes">Address space, files included (VmSize).</param>
internal readonly record struct MemoryUse(long HeapBytes, long AnonymousBytes, long MappedBytes)
{
    /// <summary>This process, now.</summary>
    public static MemoryUse Now() => new(GC.GetTotalMemory(forceFullCollection: true), Status("RssAnon:"), Status("VmSize:"));

    /// <summary>How much more than <paramref name="before"/>.</summary>
    public MemoryUse Since(MemoryUse before) =>
        new(HeapBytes - before.HeapBytes, AnonymousBytes - before.AnonymousBytes, MappedBytes - before.MappedBytes);

    private static long Status(string name)
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        return 0;
    }
}
