using System.ComponentModel;
using System.Diagnostics;

namespace Robotics.Drivers.Ros2;

/// <summary>The C peer of bench/ros2/peers as a process on loopback; killed when disposed.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    public PeerProcess(string binary, int domain, string verb, int count)
    {
        var start = new ProcessStartInfo(binary, [$"{domain}", verb, $"{count}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["CYCLONEDDS_URI"] = Loopback(domain).ToCycloneXml();
        _process = Process.Start(start)!;
    }

    /// <summary>Options that both sides use: this machine's loopback alone.</summary>
    public static RosOptions Loopback(int domain) => new() { Domain = domain, Interface = "lo" };

    /// <summary>Waits for the peer's end and gives the numbers it printed.</summary>
    public double[] Result()
    {
        string text = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return [.. text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t, System.Globalization.CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Runs a tool to its end; null where it succeeded, else what went wrong.</summary>
    public static string? Run(string tool, string folder, params string[] arguments)
    {
        try
        {
            using Process p = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardError = true })!;
            string error = p.StandardError.ReadToEnd();
            p.WaitForExit();
            return p.ExitCode == 0 ? null : $"{tool}: {error}";
        }
        catch (Win32Exception e)
        {
            return $"{tool}: {e.Message} (apt-get install cyclonedds-dev cyclonedds-tools gcc libc6-dev)";
        }
    }
}
