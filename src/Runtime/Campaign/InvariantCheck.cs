using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>Watches I1 to I5 in every tick, from outside the supervisor.</summary>
/// <remarks>I1 finite and inside the limits; I2 rate and change of rate across every source (but for a power cut, which must be
/// immediate); I3 authority follows the declared graph, above all: out of a latch only by disarming and arming; I4 every transition is
/// in the journal once, with cause and source; I5 nothing allocated.</remarks>
internal sealed class InvariantCheck
{
    private const double Rounding = 2.5e-7; // two rounding errors of float32 at magnitude 1

    private readonly SafetySupervisor _supervisor;
    private readonly ChannelLayout _command;
    private readonly double[] _step;
    private readonly double[] _change;
    private readonly float[] _last;
    private readonly double[] _lastStep;
    private SafetyAction _lastAction = SafetyAction.PowerCut;
    private ActionSource _lastAuthority;
    private bool _armedSinceCut;

    public InvariantCheck(SafetySupervisor supervisor, ChannelLayout command, double periodS)
    {
        _supervisor = supervisor;
        _command = command;
        CommandLimits limits = supervisor.Settings.Command;
        _step = [.. limits.RatePerS.Select(r => r * periodS)];
        _change = [.. limits.RateChangePerS2.Select(c => c * periodS * periodS)];
        _last = new float[command.Count];
        _lastStep = new double[command.Count];
    }

    public long Violations { get; private set; }

    public string? First { get; private set; }

    /// <summary>False while an exception may allocate (a scenario that throws) and before the first ticks have compiled everything.</summary>
    public bool ChecksAllocation { get; set; }

    /// <summary>To be called when <see cref="SafetySupervisor.TryArm"/> succeeded.</summary>
    public void OnArmed() => _armedSinceCut = true;

    public void Check(in SafeCommand command, long allocatedBytes)
    {
        if (allocatedBytes != 0 && ChecksAllocation)
            Violate($"I5: {allocatedBytes} bytes allocated in tick {command.Sequence}");
        bool cut = command.Action == SafetyAction.PowerCut;
        for (int i = 0; i < _last.Length; i++)
            CheckChannel(i, command.Values[i], cut || _lastAction == SafetyAction.PowerCut);
        CheckAuthority(command);
        CheckJournal(command);
        _lastAction = command.Action;
        _lastAuthority = _supervisor.Authority;
    }

    private void CheckChannel(int i, float value, bool afterCut)
    {
        if (!(value >= _command[i].Minimum && value <= _command[i].Maximum))
            Violate($"I1: {_command[i].Name} = {value}, outside [{_command[i].Minimum}, {_command[i].Maximum}]");
        double step = (double)value - _last[i];
        double scale = Math.Max(1, Math.Abs(value));
        if (!afterCut && Math.Abs(step) > _step[i] + (Rounding * scale))
            Violate($"I2: {_command[i].Name} stepped by {step}, limit {_step[i]}");
        if (!afterCut && Math.Abs(step - _lastStep[i]) > _change[i] + (2 * Rounding * scale))
            Violate($"I2: step of {_command[i].Name} changed by {step - _lastStep[i]}, limit {_change[i]}");
        _last[i] = value;
        _lastStep[i] = afterCut ? 0 : step;
    }

    private void CheckAuthority(in SafeCommand command)
    {
        bool leavesCut = _lastAction == SafetyAction.PowerCut && command.Action < SafetyAction.PowerCut;
        if (leavesCut && !_armedSinceCut)
            Violate($"I3: power came back in tick {command.Sequence} without arming");
        if (command.Action == SafetyAction.PowerCut && _supervisor.Arming != ArmingState.Armed)
            _armedSinceCut = false;
        bool sourceFits = command.Action == SafetyAction.PowerCut ? _supervisor.Authority == ActionSource.None
            : command.Action >= SafetyAction.Baseline ? _supervisor.Authority == ActionSource.Baseline
            : _supervisor.Authority is ActionSource.Policy or ActionSource.Human;
        if (!sourceFits)
            Violate($"I3: {_supervisor.Authority} in authority under {command.Action}");
    }

    private void CheckJournal(in SafeCommand command)
    {
        bool changed = command.Action != _lastAction || _supervisor.Authority != _lastAuthority;
        bool logged = _supervisor.Journal.TryTake(out SafetyTransition entry);
        if (changed != logged || _supervisor.Journal.TryTake(out _))
            Violate($"I4: tick {command.Sequence} {_lastAction}->{command.Action} logged {(logged ? "without or more than once for" : "no")} a change");
        else if (logged && (entry.Tick != command.Sequence || entry.To != command.Action || (entry.To >= SafetyAction.Clamp && entry.Causes == SafetyCauses.None)))
            Violate($"I4: the entry of tick {command.Sequence} says {entry}");
    }

    private void Violate(string what)
    {
        Violations++;
        First ??= what;
    }
}
