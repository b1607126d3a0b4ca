using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>Observations and the actions the learner computed for them, in sequence from the initial recurrent state, which the edge
/// must reproduce before it lets the policy fly.</summary>
/// <remarks>Deterministic actions (no exploration). Immutable.</remarks>
public sealed class GoldenVectors
{
    /// <summary>Bytes before the values.</summary>
    private const int HeaderLength = 16;

    /// <summary>Steps the writer computes: enough that a recurrent state has to be carried right, small beside the weights.</summary>
    public const int DefaultSteps = 8;

    private readonly float[] _values;

    private GoldenVectors(int steps, int observationLength, int actionLength, int stateLength, float[] values)
    {
        Steps = steps;
        ObservationLength = observationLength;
        ActionLength = actionLength;
        StateLength = stateLength;
        _values = values;
    }

    /// <summary>Number of steps.</summary>
    public int Steps { get; }

    /// <summary>Values per observation.</summary>
    public int ObservationLength { get; }

    /// <summary>Values per action.</summary>
    public int ActionLength { get; }

    /// <summary>Values of the recurrent state.</summary>
    public int StateLength { get; }

    /// <summary>Recurrent state after the last step.</summary>
    public ReadOnlySpan<float> FinalState => _values.AsSpan(Steps * (ObservationLength + ActionLength), StateLength);

    /// <summary>All values: inputs [steps, observation], outputs [steps, action], final state.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Observation of a step.</summary>
    public ReadOnlySpan<float> Input(int step) => _values.AsSpan(step * ObservationLength, ObservationLength);

    /// <summary>Action of a step.</summary>
    public ReadOnlySpan<float> Output(int step) => _values.AsSpan((Steps * ObservationLength) + (step * ActionLength), ActionLength);

    /// <summary>Vectors for <paramref name="network"/> on standard normal observations, always the same for one shape. Resets the network.</summary>
    public static GoldenVectors Compute(PolicyNetwork network, int steps = DefaultSteps)
    {
        ArgumentNullException.ThrowIfNull(network);
        var inputs = new float[steps * network.ObservationLength];
        var random = new SeededRandom((ulong)network.ObservationLength, "golden vectors");
        foreach (ref float value in inputs.AsSpan())
            value = (float)random.NextGaussian();
        return Compute(network, inputs);
    }

    /// <summary>Vectors for <paramref name="network"/> on chosen observations [steps, observation]. Resets the network.</summary>
    public static GoldenVectors Compute(PolicyNetwork network, ReadOnlySpan<float> inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        int steps = inputs.Length / network.ObservationLength;
        GoldenVectors golden = Empty(steps, network.ObservationLength, network.ActionLength, network.StateLength);
        inputs[..(steps * network.ObservationLength)].CopyTo(golden._values);
        network.Reset();
        for (int step = 0; step < steps; step++)
            network.Act(golden.Input(step), golden.MutableOutput(step));
        network.SaveState(golden._values.AsSpan(golden._values.Length - golden.StateLength));
        return golden;
    }

    /// <summary>Vectors recorded elsewhere: inputs [steps, observation], outputs [steps, action], recurrent state after the last step.</summary>
    public static GoldenVectors Of(NetworkSpec spec, ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs, ReadOnlySpan<float> finalState)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int steps = inputs.Length / spec.ObservationLength;
        if (steps * spec.ObservationLength != inputs.Length || outputs.Length != steps * spec.ActionLength || finalState.Length != spec.StateLength)
            throw new ArgumentException("the vectors do not fit the network", nameof(inputs));
        return new GoldenVectors(steps, spec.ObservationLength, spec.ActionLength, spec.StateLength, [.. inputs, .. outputs, .. finalState]);
    }

    /// <summary>Greatest difference between what <paramref name="network"/> answers and these vectors, relative where the expected value
    /// is above 1; infinity where it does not answer. Resets the network.</summary>
    public double MaxDifference(PolicyNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.ObservationLength != ObservationLength || network.ActionLength != ActionLength || network.StateLength != StateLength)
            return double.PositiveInfinity;
        GoldenVectors actual = Compute(network, _values.AsSpan(0, Steps * ObservationLength));
        network.Reset();
        double worst = 0;
        for (int i = Steps * ObservationLength; i < _values.Length; i++)
        {
            double difference = Math.Abs(actual._values[i] - _values[i]) / Math.Max(1, Math.Abs(_values[i]));
            worst = difference <= worst ? worst : difference; // NaN counts as worse
            if (double.IsNaN(difference))
                return double.PositiveInfinity;
        }
        return worst;
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[HeaderLength + (_values.Length * sizeof(float))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Steps);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), ObservationLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), ActionLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), StateLength);
        MemoryMarshal.AsBytes(_values.AsSpan()).CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, NetworkSpec spec, out GoldenVectors? golden)
    {
        golden = null;
        if (bytes.Length < HeaderLength)
            return false;
        int steps = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bool fits =
            steps > 0
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) == spec.ObservationLength
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) == spec.ActionLength
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) == spec.StateLength
            && bytes.Length == HeaderLength + (sizeof(float) * (((long)steps * (spec.ObservationLength + spec.ActionLength)) + spec.StateLength));
        if (!fits)
            return false;
        float[] values = MemoryMarshal.Cast<byte, float>(bytes[HeaderLength..]).ToArray();
        golden = new GoldenVectors(steps, spec.ObservationLength, spec.ActionLength, spec.StateLength, values);
        return true;
    }

    private static GoldenVectors Empty(int steps, int observation, int action, int state) =>
        new(steps, observation, action, state, new float[(steps * (observation + action)) + state]);

    private Span<float> MutableOutput(int step) => _values.AsSpan((Steps * ObservationLength) + (step * ActionLength), ActionLength);
}
