namespace Robotics.Core;

/// <summary>What somebody would like the actuators to do: set-points in actuator units, not yet safe. Reused in place.</summary>
/// <remarks>Control thread only. A proposal never moves anything: only the supervisor can turn it into a <see cref="SafeCommand"/>.</remarks>
public sealed class Proposal
{
    private readonly float[] _values;

    /// <summary>An empty proposal of <paramref name="length"/> command channels.</summary>
    public Proposal(int length) => _values = new float[length];

    /// <summary>One value per command channel, in its unit; anything may be in here, also NaN.</summary>
    public Span<float> Values => _values;

    /// <summary>Number of values the source really gave; anything but the channel count is refused.</summary>
    public int Length { get; set; }

    /// <summary>Who proposed.</summary>
    public ActionSource Source { get; set; }

    /// <summary>The policy that proposed, where one did.</summary>
    public PolicyIdentity Policy { get; set; }

    /// <summary>Grows with every proposal of one source.</summary>
    public long Sequence { get; set; }

    /// <summary>Time of the sample it answers, ns.</summary>
    public long SampleTimeNs { get; set; }

    /// <summary>After this time, ns, it must not be applied. <see cref="long.MaxValue"/> for sources inside the control process.</summary>
    public long DeadlineNs { get; set; } = long.MaxValue;

    /// <summary>Marks the proposal as absent.</summary>
    public void Clear()
    {
        Length = 0;
        Source = ActionSource.None;
        Policy = default;
        DeadlineNs = long.MaxValue;
    }
}
