namespace Robotics.Policies;

/// <summary>What the original code answered: sequences of observations and actions, recurrent state started at zero, never reset.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Batch">Number of independent sequences.</param>
/// <param name="Inputs">Observations [steps, batch, observation].</param>
/// <param name="Outputs">Actions [steps, batch, action], not clamped.</param>
public sealed record RaptorExample(int Steps, int Batch, float[] Inputs, float[] Outputs)
{
    /// <summary>Observation of one step of one sequence.</summary>
    public ReadOnlySpan<float> Input(int step, int sequence) => Row(Inputs, step, sequence);

    /// <summary>Action of one step of one sequence.</summary>
    public ReadOnlySpan<float> Output(int step, int sequence) => Row(Outputs, step, sequence);

    private ReadOnlySpan<float> Row(float[] values, int step, int sequence)
    {
        int width = values.Length / (Steps * Batch);
        return values.AsSpan(((step * Batch) + sequence) * width, width);
    }
}
