using System.Globalization;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Ros;

/// <summary>The control process in a ROS 2 graph: its state on topics, e-stop, arm, disarm and acknowledge as services, configuration as parameters.</summary>
/// <remarks>The control thread calls <see cref="OnPeriod"/> once per tick, which fills a sequence lock and takes at most one request; everything
/// that allocates or waits happens on the node's own threads, so it works with the agent dead and never holds up a tick.</remarks>
public sealed class ControlNode : ICycleGuest, IDisposable
{
    private const double DiagnosticsPeriodS = 1; // convention of diagnostic_updater
    private readonly RobotRig _robot;
    private readonly ControlRig _control;
    private readonly RuntimeNode _node;
    private OperatorRequest _asked;

    /// <summary>Joins the graph.</summary>
    /// <param name="settings">Under which name.</param>
    /// <param name="robot">What is flown.</param>
    /// <param name="control">Its loop.</param>
    /// <param name="clock">Monotonic clock.</param>
    public ControlNode(RosNodeSettings settings, RobotRig robot, ControlRig control, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _robot = robot ?? throw new ArgumentNullException(nameof(robot));
        _control = control ?? throw new ArgumentNullException(nameof(control));
        _node = new RuntimeNode(
            settings.Options, settings.ControlName, settings.Namespace, clock, robot.Supervisor.EmergencyStop,
            [.. ConfigurationParameters.Of(robot), .. Changeable()], Details)
        {
            RefusalText = static missing => $"refused; missing: {(ArmingChecks)missing}",
        };
    }

    /// <summary>Emergency stops that came over the graph.</summary>
    public long EmergencyStops => _node.EmergencyStops;

    /// <summary>Shows the tick's state and serves what was asked for; the answer is the state one tick later. Control thread.</summary>
    public void OnPeriod(ControlStatus status)
    {
        if (_asked != OperatorRequest.None)
            Answer(status);
        if (_node.TryTakeRequest(out _asked))
            _control.Obey(VerbOf(_asked));
        _node.Post(new RuntimeState
        {
            Ticks = status.Ticks,
            MissedPeriods = status.MissedPeriods,
            IsArmed = status.Arming == ArmingState.Armed,
            IsLatched = status.Arming == ArmingState.Latched,
            Action = status.Action,
            Causes = status.Causes,
            Policy = status.Policy,
            Source = status.Authority,
            Dropped = status.Dropped,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _node.Dispose();

    private static OperatorVerb VerbOf(OperatorRequest request) =>
        request switch
        {
            OperatorRequest.Arm => OperatorVerb.Arm,
            OperatorRequest.Disarm => OperatorVerb.Disarm,
            OperatorRequest.Acknowledge => OperatorVerb.Acknowledge,
            _ => OperatorVerb.None,
        };

    private IEnumerable<ParameterDeclaration> Changeable()
    {
        yield return new ParameterDeclaration(
            "diagnostics_period_s", DiagnosticsPeriodS, "Time between two messages on /diagnostics, s.", Minimum: 0.1, Maximum: 60,
            OnSet: value =>
            {
                _node.DiagnosticsPeriodS = (double)value;
                return null;
            });
    }

    private void Answer(ControlStatus status)
    {
        bool refused = _asked == OperatorRequest.Arm && status.ArmingMissing != ArmingChecks.None;
        _node.Answer(!refused, refused ? (uint)status.ArmingMissing : 0);
        _asked = OperatorRequest.None;
    }

    private IReadOnlyList<KeyValuePair<string, string>> Details() =>
        _robot.Driver is Ros2Driver driver ? [.. driver.Health().Select(Describe)] : [];

    private static KeyValuePair<string, string> Describe(TopicHealth h) =>
        new(h.Topic, string.Create(
            CultureInfo.InvariantCulture,
            $"{(h.IsStale ? "stale" : "ok")}, {h.Publishers} publishers, {h.Received} received, {h.Malformed} malformed, {h.Oversized} oversized, {h.OtherFrame} of another frame, {h.Incomplete} incomplete"));
}
