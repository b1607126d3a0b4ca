using System.Diagnostics;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary>The <c>robotics</c> command as a process of its own.</summary>
internal static class RoboticsCommand
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(180);

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Errors) Execute(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = SharedData.RepositoryRoot };
        start.ArgumentList.Add(Path.Combine(SharedData.RepositoryRoot, "src", "Cli", "bin", "Release", "net10.0", "robotics.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_deadline))
        {
            process.Kill();
            Assert.Fail($"robotics {string.Join(' ', arguments)} did not end within {s_deadline.TotalSeconds} s");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
