using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>What arming asks for on this robot. Section <c>arming</c>. Immutable.</summary>
/// <param name="Required">Checks that must be confirmed; those the supervisor makes itself are always among them.</param>
/// <param name="Automatic">True where the run may arm and re-arm without a person: simulated robots only.</param>
/// <param name="DeviceTimeoutMs">Longest command timeout the device may have, ms; 0 where no device check is required.</param>
public sealed record ArmingSettings(ArmingChecks Required, bool Automatic, double DeviceTimeoutMs)
{
    /// <summary>Checks that no robot can go without.</summary>
    public const ArmingChecks Always = ArmingChecks.Limits | ArmingChecks.Baseline | ArmingChecks.Sample | ArmingChecks.Clear;

    private static readonly Dictionary<string, ArmingChecks> s_names = new(StringComparer.Ordinal)
    {
        ["policy"] = ArmingChecks.Policy,
        ["calibration"] = ArmingChecks.Calibration,
        ["device_timeout"] = ArmingChecks.DeviceTimeout,
        ["device_identity"] = ArmingChecks.DeviceIdentity,
        ["clock"] = ArmingChecks.Clock,
        ["disk"] = ArmingChecks.Disk,
        ["recorder"] = ArmingChecks.Recorder,
        ["watchdog"] = ArmingChecks.Watchdog,
        ["learner"] = ArmingChecks.Learner,
        ["limp_process"] = ArmingChecks.LimpProcess,
    };

    /// <summary>Reads the section. A robot that is not simulated must ask for its device's own timeout and identity (R15, R36) and cannot arm itself.</summary>
    public static ArmingSettings Read(ConfigMap arming, bool isSimulated)
    {
        ArgumentNullException.ThrowIfNull(arming);
        ArmingChecks required = Always;
        foreach (string name in arming.Strings("checks"))
        {
            if (s_names.TryGetValue(name, out ArmingChecks check))
                required |= check;
            else
                arming.AddProblem("checks", $"'{name}' is not one of {string.Join(", ", s_names.Keys)}");
        }
        bool automatic = arming.Flag("automatic", fallback: false);
        bool protectedByDevice = (required & ArmingChecks.DeviceIdentity) != 0 && (required & (ArmingChecks.DeviceTimeout | ArmingChecks.LimpProcess)) != 0;
        if (!isSimulated && automatic)
            arming.AddProblem("automatic", "only a simulated robot may be armed without a person");
        if (!isSimulated && !protectedByDevice)
            arming.AddProblem("checks", "a real robot needs device_identity, and device_timeout or limp_process: behind a dead process only the device or a second process protects");
        double timeout = (required & ArmingChecks.DeviceTimeout) != 0 ? arming.Number("device_timeout_ms", 1, 10_000, tighten: Tighten.OnlyLower) : 0;
        return new ArmingSettings(required, automatic, timeout);
    }
}
