using System.Diagnostics;
using System.Text.Json;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

/// <summary>The verbs of serial devices as a user meets them.</summary>
public sealed class SerialCommandTests
{
    [Fact]
    public void ConfigCheck_RobotAlone_NeedsNoDevice()
    {
        (int code, string output) = Execute("config", "check", Path.Combine(SharedData.RepositoryRoot, "hardware", "px4-quad", "rates.yaml"));
        Assert.Equal(0, code);
        Assert.Contains("baseline validated", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_Json_ExitsThreeExactlyWhereItFoundAProblem()
    {
        (int code, string output) = Execute("doctor", "--json", "--robot", Path.Combine(SharedData.RepositoryRoot, "hardware", "px4-quad", "rates.yaml"));
        using JsonDocument document = JsonDocument.Parse(output);
        int problems = document.RootElement.GetProperty("problems").GetInt32();
        Assert.Equal(problems > 0 ? 3 : 0, code);
        string[] checks = [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("check").GetString()!)];
        foreach (string expected in (string[])["real-time priority", "locked memory", "libzmq5", "libddsc0debian", "disk", "robot.yaml"])
            Assert.Contains(expected, checks);
    }

    [Fact]
    public void EvalVehicle_RealEndpointWithoutConsent_IsRefused()
    {
        (int code, string output) = Execute("eval", "vehicle", "--endpoint", "udp:127.0.0.1:9", "--autopilot", "px4");
        Assert.Equal(2, code);
        Assert.Contains("--fly", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sim_ServoBusOnAPty_IsIdentifiedByDoctorOverItsPort()
    {
        using var folder = new TemporaryFolder();
        string robot = Path.Combine(SharedData.RepositoryRoot, "hardware", "so101-arm", "robot.yaml");
        using Process sim = Start("sim", "--robot", robot, "--link", $"pty:{folder["arm"]}");
        try
        {
            Assert.Contains("answers on", sim.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
            (_, string output) = Execute("doctor", "--json", "--robot", robot, "--identify", "--set", $"driver.endpoint=serial:{folder["arm"]}:1000000");
            using JsonDocument document = JsonDocument.Parse(output);
            JsonElement device = document.RootElement.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("check").GetString() == "device");
            Assert.True(device.GetProperty("status").GetString() == "ok", device.ToString());
            sim.StandardInput.WriteLine("quit");
            Assert.True(sim.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Equal(0, sim.ExitCode);
            Assert.False(File.Exists(folder["arm"]));
        }
        finally
        {
            if (!sim.HasExited)
                sim.Kill();
        }
    }

    private static (int Code, string Output) Execute(params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "no end after 60 s");
        return (process.ExitCode, output + errors.Result);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(SharedData.RepositoryRoot, "src", "Cli", "bin", "Release", "net10.0", "robotics.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
