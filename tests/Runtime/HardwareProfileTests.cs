using Robotics.Configuration;
using Robotics.Runtime.Composition;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests;

/// <summary>Every robot under hardware/ as <c>robotics config check</c> reads it: no device is opened.</summary>
public sealed class HardwareProfileTests
{
    private static readonly string s_hardware = Path.Combine(SharedData.RepositoryRoot, "hardware");

    public static TheoryData<string> Profiles() => Find(_ => true);

    public static TheoryData<string> Devices() => Find(kind => kind != "simulated");

    private static TheoryData<string> Find(Func<string, bool> isMeant)
    {
        var files = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(s_hardware, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            ConfigMap root = ConfigDocument.Load(file).Root;
            if (root.Has("robot") && isMeant(root.Map("driver").String("kind")))
                files.Add(Path.GetRelativePath(s_hardware, file));
        }
        return files;
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Profile_AsShipped_LoadsWithLimitsAndAValidatedBaseline(string file)
    {
        RobotProfile profile = RobotProfile.Check(Path.Combine(s_hardware, file));
        using IDisposable driver = profile.Driver;
        Assert.True(profile.Supervisor.Settings.Command.Complete);
        Assert.True(profile.Supervisor.Settings.Sample.Complete);
        Assert.Null(profile.Supervisor.ValidateBaseline());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Profile_OfARealDevice_IsNotArmedBeforeTheDeviceIsReady(string file)
    {
        RobotProfile profile = RobotProfile.Check(Path.Combine(s_hardware, file));
        using IDisposable driver = profile.Driver;
        profile.Supervisor.Confirm((ArmingChecks)uint.MaxValue & ~ArmingChecks.DeviceIdentity, ok: true);
        Assert.False(profile.Supervisor.TryArm(out ArmingChecks missing));
        Assert.True(missing.HasFlag(ArmingChecks.DeviceIdentity));
        Assert.Equal(ArmingChecks.None, missing & (ArmingChecks.Limits | ArmingChecks.Baseline));
        Assert.False(profile.Supervisor.Settings.Arming.Automatic);
    }

    [Theory]
    [InlineData("px4-quad/robot.yaml", "max_speed_m_s: 2.5", "max_speed_m_s: 9")] // cannot stop inside its cage
    [InlineData("px4-quad/rates.yaml", "max_tilt_rad: 0.9\n    max_speed_m_s: 3", "max_tilt_rad: 0.9\n    max_speed_m_s: 30")] // promises what it cannot fly
    [InlineData("mcu-generic/robot.yaml", "    - { command: axis.3, value: 0, max_rate_per_s: 5 }\n", "")]
    public void Baseline_ThatCannotDoWhatItPromises_IsRefused(string file, string from, string to)
    {
        string path = Copy(file, text => text.Replace(from, to, StringComparison.Ordinal));
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => RobotProfile.Check(path));
        Assert.Contains(e.Problems, p => p.Message.Contains("refused at arming", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("px4-quad/rates.yaml", "  kind: quadrotor_rates", "  kind: velocity_hold", "takes no velocities")]
    [InlineData("px4-quad/rates.yaml", "    linear_velocity_ms: 100\n", "", "no maximum age")]
    [InlineData("so101-arm/robot.yaml", ", limp_process", "", "behind a dead process")]
    [InlineData("so101-arm/robot.yaml", "    joint_ms: 50 # ten bus cycles\n", "", "no maximum age")]
    [InlineData("px4-quad/robot.yaml", "  checks: [policy", "  automatic: true\n  checks: [policy", "without a person")]
    public void Profile_WithoutALimitOrCheck_IsRefusedWithTheReason(string file, string from, string to, string reason)
    {
        string path = Copy(file, text => text.Replace(from, to, StringComparison.Ordinal));
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => RobotProfile.Check(path));
        Assert.Contains(e.Problems, p => p.Message.Contains(reason, StringComparison.Ordinal));
    }

    // The same file, one line changed: the driver flies an emulated device in this process, and arming waits for what it reads back.
    [Fact]
    public void EmulatorEndpoint_IdentifiesConfiguresAndLetsTheRobotArm()
    {
        var clock = new ManualClock(1_000_000_000);
        ConfigDocument document = ConfigDocument.Load(Path.Combine(s_hardware, "px4-quad", "rates.yaml"));
        document.Override("driver.endpoint=emulator");
        RobotProfile profile = RobotProfile.Read(document, clock, 0, attach: true);
        document.ThrowIfBad();
        using IDisposable driver = profile.Driver;
        var device = (IDeviceReadiness)profile.Driver;
        var sample = new SensorSample(profile.Driver.StateChannels);
        for (int i = 0; i < 1000 && !device.IsReady; i++)
        {
            clock.Advance(10_000_000);
            profile.Driver.Read(sample);
        }
        Assert.True(device.IsReady, device.Diagnosis);
        Assert.Equal(0.3, device.CommandTimeoutS);
        Assert.False(device.IsObeying);
    }

    private static string Copy(string file, Func<string, string> change)
    {
        string source = Path.Combine(s_hardware, file);
        string folder = Directory.CreateTempSubdirectory("profile").FullName;
        foreach (string beside in Directory.EnumerateFiles(Path.GetDirectoryName(source)!))
            File.Copy(beside, Path.Combine(folder, Path.GetFileName(beside)));
        string path = Path.Combine(folder, Path.GetFileName(file));
        string before = File.ReadAllText(path);
        string after = change(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
        return path;
    }
}
