using System.Diagnostics;

namespace Robotics.Cli.Bench;

/// <summary>A program beside ours, run to its end.</summary>
internal static class PeerProgram
{
    /// <summary>What it printed, with its errors where it failed.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It is not installed.</exception>
    public static string Run(string program, string arguments, out int code)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        code = process.ExitCode;
        return code == 0 ? output : output + errors.GetAwaiter().GetResult();
    }
}
