using Robotics.Core;

namespace Robotics.Safety;

/// <summary>A command that needs nothing but itself, for the watching thread when the control loop stands still: the open-loop limp, then the power cut.</summary>
/// <remarks>The watching thread's own: it computes in its own buffer and reads of the control thread's state at most the last command,
/// value by value, each of which was safe when it was written. Made before the loop starts; allocates nothing afterwards.</remarks>
public sealed class SafetyBackstop
{
    private readonly IBaselineController _baseline;
    private readonly BaselineInput _input;
    private readonly float[] _values;
    private readonly long _cutAfterNs;

    internal SafetyBackstop(IBaselineController baseline, BaselineInput input, int channels, long cutAfterNs)
    {
        _baseline = baseline;
        _input = input;
        _values = new float[channels];
        _cutAfterNs = cutAfterNs;
    }

    /// <summary>What to write <paramref name="stalledForNs"/> after the loop's last beat: limp first, and no power where it never comes back.</summary>
    public SafeCommand Command(long stalledForNs, long nowNs)
    {
        SafetyAction action = stalledForNs > _cutAfterNs ? SafetyAction.PowerCut : SafetyAction.SoftLimp;
        _baseline.OpenLoop(action, _input, _values);
        return new SafeCommand(_values, nowNs, nowNs, 0, action);
    }
}
