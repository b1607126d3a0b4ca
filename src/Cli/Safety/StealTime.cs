using System.Globalization;

namespace Robotics.Cli.Safety;

/// <summary>Time in which the hypervisor ran somebody else although a core of ours had work: proc(5), /proc/stat, the eighth number of a core's line.</summary>
internal static class StealTime
{
    private const double TickMs = 10; // USER_HZ is 100 on every architecture that .NET runs on

    /// <summary>Of all cores since boot, ms; 0 where the kernel does not tell.</summary>
    public static double TotalMs => Of(File.ReadLines("/proc/stat"), "cpu");

    /// <summary>Of the line <paramref name="name"/> (<c>cpu</c>: all cores together) among <paramref name="lines"/>.</summary>
    public static double Of(IEnumerable<string> lines, string name)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 8 && string.Equals(words[0], name, StringComparison.Ordinal))
                return TickMs * long.Parse(words[8], CultureInfo.InvariantCulture);
        }
        return 0;
    }
}
