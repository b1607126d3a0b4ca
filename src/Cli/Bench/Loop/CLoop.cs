using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Robotics.Cli.Bench;

/// <summary>bench/loop/loop.c, compiled on this machine when it is needed: the same loop in C, so that the machine's own latency is known.</summary>
internal static class CLoop
{
    /// <summary>Compiles it into <paramref name="folder"/>.</summary>
    /// <exception cref="FailureException">There is no C compiler or no source.</exception>
    public static string Compile(string folder)
    {
        string source = Installation.PathOf(Path.Combine("bench", "loop", "loop.c"));
        string program = Path.Combine(folder, "loop");
        string errors = Run("cc", $"-O2 -o {program} {source}", out int code);
        return code == 0 ? program : throw new FailureException($"cannot compile {source}: {errors} (Debian: apt-get install gcc libc6-dev)");
    }

    /// <summary>One block on the control process's core.</summary>
    public static CLoopBlock Block(string program, int rateHz, int seconds, int priority, int core)
    {
        string line = Run(program, string.Create(CultureInfo.InvariantCulture, $"--rate {rateHz} --seconds {seconds} --priority {priority} --cpu {core}"), out int code);
        if (code != 0)
            throw new FailureException($"{program} ended with exit code {code}: {line}");
        return JsonSerializer.Deserialize<CLoopBlock>(line)!;
    }

    /// <summary>p99.9 and maximum of cyclictest, us, or null where it is not installed.</summary>
    public static double? CyclicTestMaxUs(int rateHz, int seconds, int priority, int core)
    {
        try
        {
            string text = Run("cyclictest", $"-q -m -p{priority} -i{1_000_000 / rateHz} -l{rateHz * seconds} -a{core} -t1", out int code);
            int at = text.LastIndexOf("Max:", StringComparison.Ordinal);
            return code == 0 && at >= 0 && double.TryParse(text[(at + 4)..].Trim(), CultureInfo.InvariantCulture, out double max) ? max : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // not installed (Debian: rt-tests)
        }
    }

    private static string Run(string program, string arguments, out int code)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        code = process.ExitCode;
        return code == 0 ? output : output + errors;
    }
}
