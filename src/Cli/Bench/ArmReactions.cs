using Robotics.Cli.Demo;
using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>What happens when control of a servo arm dies or hangs, or a servo fails: the arm's part of <c>robotics bench reactions</c>.</summary>
internal static class ArmReactions
{
    private const double DeclaredTorque = 0.5; // hardware/so101-arm/robot.yaml, written and read back before arming
    private const double LimpMs = 100; // R16
    private const double StuckMs = 500; // stuck_time_ms in the same file
    private const double ScheduleMs = 60; // ten bus cycles and a loaded scheduler

    /// <summary>Names of the faults.</summary>
    public static IReadOnlyList<string> Faults { get; } = ["arm-killed", "arm-stopped", "servo-stuck", "servo-hot", "servo-silent"];

    /// <summary>Starts the arm, holds it, breaks <paramref name="fault"/>.</summary>
    public static IEnumerable<ReactionResult> Run(string fault, string folder)
    {
        using var flight = new ArmFlight(folder);
        if (fault == "servo-stuck")
            flight.Break("stuck 6"); // the gripper opens to its middle when armed; a held arm would never push against what blocks it
        else
            flight.Arm();
        IEnumerable<ReactionResult> results = fault switch
        {
            "arm-killed" => ControlGone(flight, fault, NativeSignals.KillNow),
            "arm-stopped" => ControlGone(flight, fault, NativeSignals.Stop),
            "servo-stuck" => ServoStuck(flight),
            "servo-hot" => ServoFails(flight, fault, flight.Break("temperature 3 75"), "temperature 3 30", ScheduleMs),
            _ => ServoFails(flight, fault, flight.Break("dead 3"), "free 3", 250 + ScheduleMs), // ten answers, each waited for 20 ms, in a tick of 5 ms
        };
        foreach (ReactionResult result in results)
            yield return result;
    }

    // R16: another process lets the arm go, because an STS3215 would hold for ever.
    private static IEnumerable<ReactionResult> ControlGone(ArmFlight flight, string fault, int signal)
    {
        long start = flight.Signal(signal);
        bool began = flight.Watch(() => flight.TimeNs > start && flight.TorqueLimit < DeclaredTorque - 0.01, 5);
        yield return new ReactionResult(fault, "torque limit begins to fall", began ? Ms(flight, start) : 1e9, LimpMs, "ms", "robotics limp");
        bool off = flight.Watch(() => !flight.Torque, 10);
        yield return new ReactionResult(fault, "torque off after baseline.limp_s", off ? Ms(flight, start) : 1e9, 1000 + LimpMs + ScheduleMs, "ms", "");
    }

    // Counted from when the servo pushes: before, the baseline may have taken over from a policy whose jump is clamped, and lets it rest.
    private static IEnumerable<ReactionResult> ServoStuck(ArmFlight flight)
    {
        flight.ArmUntilTheDeviceStops();
        return ServoFails(flight, "servo-stuck", flight.PushingSinceNs, "free 6", StuckMs + ScheduleMs);
    }

    private static IEnumerable<ReactionResult> ServoFails(ArmFlight flight, string fault, long start, string repair, double limitMs)
    {
        bool told = flight.Watch(() => flight.Status.Action >= SafetyAction.ControlledStop && flight.Status.Causes.HasFlag(SafetyCauses.DriverFault), 10);
        double ms = (MonotonicClock.Instance.NowNs - start) / 1e6;
        yield return new ReactionResult(fault, "supervisor in controlled stop", told ? ms : 1e9, limitMs, "ms", $"causes {flight.Status.Causes}");
        bool said = flight.Watch(() => flight.DeviceLine.Contains("joint", StringComparison.Ordinal), 5);
        yield return new ReactionResult(fault, "user not told why", said ? 0 : 1, 0, "", $"robotics run prints: {flight.DeviceLine}");
        long ticks = flight.Status.Ticks;
        bool goesOn = flight.Watch(() => flight.Status.Ticks > ticks + 100, 5);
        yield return new ReactionResult(fault, "loop stands still", goesOn ? 0 : 1, 0, "", $"{flight.Status.Action}");
        flight.Break(repair);
        flight.Disarm();
        flight.Watch(() => false, 0.5);
        flight.Arm();
        yield return new ReactionResult(fault, "not armed again after repair, disarm and arm", flight.Status.Action <= SafetyAction.Clamp ? 0 : 1, 0, "", $"{flight.Status.Action}");
    }

    private static double Ms(ArmFlight flight, long startNs) => (flight.TimeNs - startNs) / 1e6;
}
