using System.Globalization;
using Robotics.Core;
using Robotics.Drivers.Ros2.Messages.DiagnosticMsgs;

namespace Robotics.Drivers.Ros2;

/// <summary>The runtime's state as <c>diagnostic_msgs/DiagnosticArray</c>, for rqt_robot_monitor and the like.</summary>
internal static class RuntimeDiagnostics
{
    public static DiagnosticArray Describe(string node, in RuntimeState s, long rosTimeNs, IReadOnlyList<KeyValuePair<string, string>> details)
    {
        var status = new DiagnosticStatus
        {
            Level = s.IsLatched || s.Action >= SafetyAction.ControlledStop ? DiagnosticStatus.ERROR
                : s.Action >= SafetyAction.Warn ? DiagnosticStatus.WARN
                : DiagnosticStatus.OK,
            Name = node,
            Message = s.Causes == SafetyCauses.None ? s.Action.ToString() : $"{s.Action}: {s.Causes}",
            HardwareId = node,
            Values =
            [
                Pair("ticks", s.Ticks.ToString(CultureInfo.InvariantCulture)),
                Pair("missed_periods", s.MissedPeriods.ToString(CultureInfo.InvariantCulture)),
                Pair("dropped_records", s.Dropped.ToString(CultureInfo.InvariantCulture)),
                Pair("armed", s.IsArmed ? "true" : "false"),
                Pair("latched", s.IsLatched ? "true" : "false"),
                Pair("source", s.Source.ToString()),
                Pair("policy", s.Policy.ToString()),
                .. details.Select(d => Pair(d.Key, d.Value)),
            ],
        };
        var message = new DiagnosticArray { Status = [status] };
        message.Header.Stamp.Set(rosTimeNs);
        return message;
    }

    private static KeyValue Pair(string key, string value) => new() { Key = key, Value = value };
}
