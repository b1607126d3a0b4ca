using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

/// <summary>The command as a user meets it: real processes, exit codes and what they say.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void Run_SeveralMistakesInRobotYaml_ListsAllWithTheirLinesAndExits78()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "examples", "own-robot"), "*.yaml"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        string robot = folder["robot.yaml"];
        File.WriteAllText(robot, File.ReadAllText(robot)
            .Replace("max_speed_m_s: 100", "max_speed_km_h: 100", StringComparison.Ordinal)
            .Replace("mass_kg: 0.25", "mass_kg: -3", StringComparison.Ordinal)
            .Replace("kind: quadrotor_hover", "kind: quadrotor_hover\n  colour: red", StringComparison.Ordinal));
        (int code, string output) = Execute(null, "run", folder["run.yaml"], "--lockstep", "--folder", folder["out"]);
        Assert.Equal(78, code);
        Assert.Contains("safety.max_speed_km_h: wrong unit, write max_speed_m_s", output, StringComparison.Ordinal);
        Assert.Contains("airframe.mass_kg: '-3' is not a value in", output, StringComparison.Ordinal);
        Assert.Contains("baseline.colour: unknown key", output, StringComparison.Ordinal);
        Assert.Matches(@"robot\.yaml:\d+: safety", output);
        Assert.DoesNotContain(" at Robotics.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_MissingFile_IsOneLine()
    {
        (int code, string output) = Execute(null, "learn", "nowhere.yaml");
        Assert.Equal(78, code);
        Assert.Contains("nowhere.yaml: no such file", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_ResumeWithoutACheckpoint_BeginsNothing()
    {
        using var folder = new TemporaryFolder();
        (int code, string output) = Execute(null, "learn", Path.Combine(SharedData.RepositoryRoot, "runs", "hover.yaml"), "--folder", folder.Path, "--resume");
        Assert.Equal(78, code);
        Assert.Contains("trainer.checkpoint to resume from", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Learn_PortInUse_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        (int code, string output) = Execute(
            null, "learn", Path.Combine(SharedData.RepositoryRoot, "runs", "hover.yaml"), "--folder", folder.Path, "--endpoint", $"tcp://{holder.LocalEndpoint}");
        Assert.Equal(1, code);
        Assert.Contains("in use", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    // In a mount namespace of its own the library's file is empty: as on a machine where it was never installed.
    [Fact]
    public void Learn_MissingNativeLibrary_NamesThePackage()
    {
        const string library = "/usr/lib/x86_64-linux-gnu/libzmq.so.5";
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(library), "needs root and libzmq5 to hide the library");
        using var folder = new TemporaryFolder();
        (int code, string output) = Execute(library, "learn", Path.Combine(SharedData.RepositoryRoot, "runs", "hover.yaml"), "--folder", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("libzmq5", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public void AnyVerb_UnknownOption_IsUsage() => Assert.Equal(2, Execute(null, "demo", "--fast").Code);

    private static (int Code, string Output) Execute(string? hiddenLibrary, params string[] arguments)
    {
        string dll = Path.Combine(SharedData.RepositoryRoot, "src", "Cli", "bin", "Release", "net10.0", "robotics.dll");
        string[] command = ["dotnet", dll, .. arguments];
        if (hiddenLibrary is not null)
            command = ["unshare", "-m", "sh", "-c", "mount --bind /dev/null \"$(readlink -f $0)\" && exec \"$@\"", hiddenLibrary, .. command];
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in command[1..])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(120)));
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
