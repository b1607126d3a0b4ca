using System.Diagnostics;

namespace Robotics.Core;

/// <summary>CPU seconds this process has used, for figures that must not depend on what else the machine does.</summary>
public static class CpuTime
{
    /// <summary>User and system time of all threads of this process, in seconds. Not for hot paths: it reads /proc.</summary>
    public static double ProcessSeconds
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }
}
