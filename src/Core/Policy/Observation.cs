namespace Robotics.Core;

/// <summary>What a policy sees in one policy period: built by the task's observer from the sample. Reused in place.</summary>
/// <remarks>Control thread only.</remarks>
public sealed class Observation
{
    private readonly float[] _values;

    /// <summary>An empty observation of <paramref name="length"/> values.</summary>
    public Observation(int length) => _values = new float[length];

    /// <summary>Values in the order of the task's observation schema, after scaling and (in a simulator) noise.</summary>
    public Span<float> Values => _values;

    /// <summary>Time of the sample it was built from, ns.</summary>
    public long SampleTimeNs { get; set; }

    /// <summary>False where a value it needs was stale or not finite: no policy may be asked.</summary>
    public bool IsValid { get; set; }
}
