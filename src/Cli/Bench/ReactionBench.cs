using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Commands;

namespace Robotics.Cli.Bench;

/// <summary>What happens when something dies in flight: a policy flies an emulated PX4 through a pseudo-terminal at 100 Hz, every part a process,
/// and one part after another is killed: <c>robotics bench reactions</c>.</summary>
internal sealed class ReactionBench(string folder, PolicyBundle policy)
{
    private const double TargetHeight = 2; // tasks/hover-rates.yaml
    private const double DeviceTimeoutMs = 300; // COM_OF_LOSS_T in hardware/px4-quad/rates.yaml, set and read back before arming
    private const double ScheduleMs = 60; // two report periods, a telemetry period and a loaded scheduler
    private const double DriftM = 1.0; // the task's box
    private readonly string _robot = Installation.PathOf("hardware/px4-quad/rates.yaml");
    private readonly string _run = Installation.PathOf("runs/px4-hover-rates.yaml");

    /// <summary>Names of the faults.</summary>
    public static IReadOnlyList<string> Faults { get; } = ["none", "agent-killed", "control-killed", "control-stopped", "cable-pulled", "byte-loss", "device-restarted", .. ArmReactions.Faults];

    /// <summary>Flies once per fault.</summary>
    public IEnumerable<ReactionResult> Run(IEnumerable<string> faults)
    {
        foreach (string fault in faults)
        {
            if (ArmReactions.Faults.Contains(fault, StringComparer.Ordinal))
            {
                foreach (ReactionResult result in ArmReactions.Run(fault, Path.Combine(folder, fault)))
                    yield return result;
                continue;
            }
            using var flight = new ReactionFlight(Path.Combine(folder, fault), _robot, _run, policy);
            flight.TakeOff();
            foreach (ReactionResult result in Fly(fault, flight))
                yield return result;
        }
    }

    private static IEnumerable<ReactionResult> Fly(string fault, ReactionFlight flight) =>
        fault switch
        {
            "none" => Nothing(flight),
            "agent-killed" => AgentKilled(flight),
            "control-killed" => ControlGone(flight, fault, f => f.Control.Kill()),
            "control-stopped" => ControlGone(flight, fault, f => f.Control.Stop()),
            "cable-pulled" => CablePulled(flight),
            "byte-loss" => LinkLost(flight, fault, "loss 0.1"),
            _ => DeviceRestarted(flight),
        };

    private static IEnumerable<ReactionResult> Nothing(ReactionFlight flight)
    {
        const double seconds = 10;
        long setpoints = flight.Device.Setpoints;
        long missed = flight.Status.MissedPeriods;
        double worst = Farthest(flight, seconds);
        double rate = (flight.Device.Setpoints - setpoints) / seconds;
        yield return new ReactionResult("none", "farthest from the target in 10 s", worst, DriftM, "m", $"{rate:F0} attitude-rate set-points per second taken, {flight.Status.MissedPeriods - missed} control periods missed, mode {flight.Device.Mode}");
        yield return new ReactionResult("none", "set-points missing of 100 per second", Math.Max(0, 100 - rate), 5, "1/s", "");
    }

    // R25, R32: nothing at all may follow from it.
    private static IEnumerable<ReactionResult> AgentKilled(ReactionFlight flight)
    {
        long setpoints = flight.Device.Setpoints;
        flight.Agent.Kill();
        double worst = Farthest(flight, 3);
        double rate = (flight.Device.Setpoints - setpoints) / 3.0;
        flight.RestartAgent();
        worst = Math.Max(worst, Farthest(flight, 2));
        yield return new ReactionResult("agent-killed", "farthest from the target in 5 s", worst, DriftM, "m", $"{rate:F0} set-points per second meanwhile, mode {flight.Device.Mode}");
    }

    // R15: the device's own timeout is what is left.
    private static IEnumerable<ReactionResult> ControlGone(ReactionFlight flight, string fault, Action<ReactionFlight> kill)
    {
        long start = MonotonicClock.Instance.NowNs;
        kill(flight);
        yield return UntilHold(flight, fault, start);
    }

    private static IEnumerable<ReactionResult> CablePulled(ReactionFlight flight)
    {
        flight.Break("unplug");
        long start = flight.DidNs;
        bool told = flight.Watch(() => flight.Status.Action >= SafetyAction.ControlledStop, 5);
        double ms = (MonotonicClock.Instance.NowNs - start) / 1e6;
        yield return new ReactionResult("cable-pulled", "supervisor in controlled stop", told ? ms : 1e9, 20 + ScheduleMs, "ms", $"causes {flight.Status.Causes}");
        yield return UntilHold(flight, "cable-pulled", start);
        flight.Break("plug");
        flight.Watch(() => false, 4); // time enough to be identified and configured anew
        yield return NotFlown(flight, "cable-pulled");
        yield return FlownAgain(flight, "cable-pulled");
    }

    // R35: at 10 % loss a frame of 51 bytes survives once in 200.
    private static IEnumerable<ReactionResult> LinkLost(ReactionFlight flight, string fault, string command)
    {
        flight.Break(command);
        long start = flight.DidNs;
        bool told = flight.Watch(() => flight.Status.Action >= SafetyAction.Baseline, 10);
        double ms = (MonotonicClock.Instance.NowNs - start) / 1e6;
        yield return new ReactionResult(fault, "supervisor takes the policy's authority", told ? ms : 1e9, 100 + 1000 + ScheduleMs, "ms", $"causes {flight.Status.Causes}; staleness limits are 50 and 100 ms, a telemetry frame survives once in 100");
        bool held = flight.Watch(() => flight.Device.Mode != "External", 10);
        yield return new ReactionResult(fault, "vehicle holds by itself", held ? (flight.Device.TimeNs - start) / 1e6 : 1e9, 5000, "ms", $"mode {flight.Device.Mode}: the few set-points that survive keep OFFBOARD alive until 300 ms pass without one");
        flight.Break("heal");
        flight.Watch(() => false, 4);
        yield return NotFlown(flight, fault);
        yield return FlownAgain(flight, fault);
    }

    private static IEnumerable<ReactionResult> DeviceRestarted(ReactionFlight flight)
    {
        flight.Break("restart");
        long start = flight.DidNs;
        bool told = flight.Watch(() => flight.Status.Action >= SafetyAction.ControlledStop, 5);
        yield return new ReactionResult("device-restarted", "supervisor in controlled stop", told ? (MonotonicClock.Instance.NowNs - start) / 1e6 : 1e9, 2000, "ms", $"causes {flight.Status.Causes}");
        flight.Watch(() => false, 5);
        yield return new ReactionResult("device-restarted", "armed again by itself", flight.Device.Armed ? 1 : 0, 0, "", $"mode {flight.Device.Mode}");
    }

    private static ReactionResult UntilHold(ReactionFlight flight, string fault, long startNs)
    {
        bool held = flight.Watch(() => flight.Device.TimeNs > startNs && flight.Device.Mode != "External", 5);
        double ms = (flight.Device.TimeNs - startNs) / 1e6;
        return new ReactionResult(fault, "vehicle holds by itself", held ? ms : 1e9, DeviceTimeoutMs + ScheduleMs, "ms", $"mode {flight.Device.Mode}; its time-out is {DeviceTimeoutMs} ms");
    }

    private static ReactionResult NotFlown(ReactionFlight flight, string fault) =>
        new(fault, "flown again by itself", flight.Device.Mode == "External" ? 1 : 0, 0, "", $"mode {flight.Device.Mode}, causes {flight.Status.Causes}");

    // A person acknowledges and arms: the only way back (R17, R18). Disarming stops the motors of what we flew.
    private static ReactionResult FlownAgain(ReactionFlight flight, string fault)
    {
        flight.Send(OperatorVerb.Disarm);
        flight.Watch(() => flight.Status.Action == SafetyAction.PowerCut, 5);
        long pressNs = 0;
        bool flown = flight.Watch(
            () =>
            {
                if (flight.Status.Action == SafetyAction.PowerCut && MonotonicClock.Instance.NowNs > pressNs)
                {
                    pressNs = MonotonicClock.Instance.NowNs + 500_000_000;
                    flight.Send(OperatorVerb.Arm);
                }
                return flight.Device.Mode == "External";
            },
            30);
        return new ReactionResult(fault, "not flown again after disarm and arm", flown ? 0 : 1, 0, "", $"mode {flight.Device.Mode}, causes {flight.Status.Causes}");
    }

    private static double Farthest(ReactionFlight flight, double seconds)
    {
        double worst = 0;
        flight.Watch(
            () =>
            {
                worst = Math.Max(worst, flight.Device.DistanceTo(TargetHeight));
                return false;
            },
            seconds);
        return worst;
    }
}
