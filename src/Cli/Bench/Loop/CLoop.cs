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
        try
        {
            string errors = PeerProgram.Run("cc", $"-O2 -o {program} {source}", out int code);
            return code == 0 ? program : throw new FailureException($"cannot compile {source}: {errors}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new FailureException("there is no C compiler for the C loop (Debian: apt-get install gcc libc6-dev)");
        }
    }

    /// <summary>One block on the control process's core.</summary>
    public static PeerBlock Block(string program, int rateHz, int seconds, int priority, int core)
    {
        string line = PeerProgram.Run(program, string.Create(CultureInfo.InvariantCulture, $"--rate {rateHz} --seconds {seconds} --priority {priority} --cpu {core}"), out int code);
        if (code != 0)
            throw new FailureException($"{program} ended with exit code {code}: {line}");
        return JsonSerializer.Deserialize<PeerBlock>(line)!;
    }
}
