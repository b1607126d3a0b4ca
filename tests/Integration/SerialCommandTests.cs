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

    [Theory]
    [InlineData("so101-arm", "Feetech", 1_000_000)]
    [InlineData("dynamixel-arm", "Dynamixel", 1_000_000)]
    [InlineData("mcu-generic", "R1 firmware", 115_200)] // hardware/firmware itself, compiled by gcc
    [InlineData("px4-quad", "Px4", 921_600)]
    public void Sim_OnAPty_IsIdentifiedByDoctorOverItsPortAndQuits(string profile, string words, int baud)
    {
        Assert.SkipUnless(profile != "mcu-generic" || File.Exists("/usr/bin/gcc"), "needs gcc to compile hardware/firmware");
        using var folder = new TemporaryFolder();
        string robot = Profile(profile), port = folder["device"];
        using Process sim = Start("sim", "--robot", robot, "--link", $"pty:{port}");
        AssertIdentified(sim, "answers on", robot, $"serial:{port}:{baud}", words);
        Assert.False(File.Exists(port));
    }

    [Fact]
    public void Sim_ListeningOnTcp_IsIdentifiedByDoctor()
    {
        int port = Teleop.LiveRobot.FreePort();
        using Process sim = Start("sim", "--robot", Profile("ardupilot-quad"), "--link", $"tcp:{port}");
        AssertIdentified(sim, "waiting for a driver", Profile("ardupilot-quad"), $"tcp:127.0.0.1:{port}", "ArduPilot");
    }

    [Fact]
    public void Sim_SpeakingOverUdp_IsIdentifiedByDoctor()
    {
        int port = Teleop.LiveRobot.FreePort();
        using Process sim = Start("sim", "--robot", Profile("px4-quad"), "--link", $"udp:127.0.0.1:{port}");
        AssertIdentified(sim, "answers on", Profile("px4-quad"), $"udp:{port}", "Px4");
    }

    // R16 and the stuck servo as a user has them: `robotics run`, `robotics operator` and `robotics sim`, each a process. What is asked is that it
    // happens and is told; the times are in docs/guides/serial.md.
    [Theory]
    [InlineData("arm-stopped", "torque off after baseline.limp_s", "limp")]
    [InlineData("servo-stuck", "user not told why", "joint gripper (servo 6) pushes with")]
    public void BenchReactions_Arm_LetsGoOrStopsAndSaysWhy(string fault, string reaction, string words)
    {
        (_, string output) = Execute("bench", "reactions", "--only", fault, "--json");
        JsonElement[] results = [.. output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.True(results.Length > 1, output);
        Assert.All(results, r => Assert.True(r.GetProperty("measured").GetDouble() < 1e9, r.ToString())); // it came at all
        Assert.All(results.Where(r => r.GetProperty("unit").GetString() == ""), r => Assert.True(r.GetProperty("passed").GetBoolean(), r.ToString()));
        JsonElement result = results.Single(r => r.GetProperty("reaction").GetString() == reaction);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.True(result.GetProperty("unit").GetString() == "ms" || result.GetProperty("passed").GetBoolean(), result.ToString());
    }

    private static string Profile(string name) => Path.Combine(SharedData.RepositoryRoot, "hardware", name, "robot.yaml");

    private static void AssertIdentified(Process sim, string ready, string robot, string endpoint, string words)
    {
        try
        {
            Assert.Contains(ready, sim.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
            (_, string output) = Execute("doctor", "--json", "--robot", robot, "--identify", "--set", $"driver.endpoint={endpoint}");
            using JsonDocument document = JsonDocument.Parse(output);
            JsonElement device = document.RootElement.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("check").GetString() == "device");
            Assert.True(device.GetProperty("status").GetString() == "ok", device.ToString());
            Assert.Contains(words, device.ToString(), StringComparison.OrdinalIgnoreCase);
            sim.StandardInput.WriteLine("quit");
            Assert.True(sim.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Equal(0, sim.ExitCode);
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
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(180)), "no end after 180 s");
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
