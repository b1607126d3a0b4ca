namespace Robotics.Core;

/// <summary>Actuator set-points that passed every safety rule in force. Only the safety supervisor can make one.</summary>
/// <remarks>
/// The constructor is internal and its only friend is Robotics.Safety, so a policy or a teleoperation source cannot compile a direct
/// write. <c>default</c> is invalid and every driver refuses it. <see cref="Values"/> belongs to the supervisor and holds until the next tick.
/// </remarks>
public readonly struct SafeCommand
{
    private readonly float[]? _values;

    internal SafeCommand(float[] values, long sampleTimeNs, long issuedNs, long sequence, SafetyAction action)
    {
        _values = values;
        SampleTimeNs = sampleTimeNs;
        IssuedNs = issuedNs;
        Sequence = sequence;
        Action = action;
    }

    /// <summary>False for <c>default(SafeCommand)</c>.</summary>
    public bool IsValid => _values is not null;

    /// <summary>One finite value per command channel of the driver, in its unit and inside its limits.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Time of the sample this command answers, ns on this machine's monotonic clock: latency is measurable end to end.</summary>
    public long SampleTimeNs { get; }

    /// <summary>When the supervisor issued it, ns on the same clock.</summary>
    public long IssuedNs { get; }

    /// <summary>The control tick it belongs to.</summary>
    public long Sequence { get; }

    /// <summary>The safety action in force for this command. From <see cref="SafetyAction.PowerCut"/> on the driver removes power.</summary>
    public SafetyAction Action { get; }
}
