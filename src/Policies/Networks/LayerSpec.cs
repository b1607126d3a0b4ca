namespace Robotics.Policies;

/// <summary>Shape of one layer.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Inputs">Number of values it takes.</param>
/// <param name="Outputs">Number of values it gives; equal to <paramref name="Inputs"/> for <see cref="LayerKind.LayerNorm"/> and <see cref="LayerKind.Normaliser"/>.</param>
/// <param name="Activation">Function applied to the output; <see cref="Activation.Identity"/> for <see cref="LayerKind.Gru"/> and <see cref="LayerKind.Normaliser"/>.</param>
public readonly record struct LayerSpec(LayerKind Kind, int Inputs, int Outputs, Activation Activation)
{
    /// <summary>A dense layer.</summary>
    public static LayerSpec Dense(int inputs, int outputs, Activation activation) => new(LayerKind.Dense, inputs, outputs, activation);

    /// <summary>A gated recurrent unit of <paramref name="hidden"/> values.</summary>
    public static LayerSpec Gru(int inputs, int hidden) => new(LayerKind.Gru, inputs, hidden, Activation.Identity);

    /// <summary>A layer normalisation over <paramref name="width"/> values.</summary>
    public static LayerSpec LayerNorm(int width, Activation activation = Activation.Identity) =>
        new(LayerKind.LayerNorm, width, width, activation);

    /// <summary>An observation normaliser over <paramref name="width"/> values.</summary>
    public static LayerSpec Normaliser(int width) => new(LayerKind.Normaliser, width, width, Activation.Identity);

    /// <summary>Number of float parameters, in the order that <see cref="LayerKind"/> tells.</summary>
    public long ParameterCount =>
        Kind switch
        {
            LayerKind.Dense => ((long)Inputs * Outputs) + Outputs,
            LayerKind.Gru => (3L * Outputs * Inputs) + (3L * Outputs * Outputs) + (7L * Outputs),
            LayerKind.LayerNorm or LayerKind.Normaliser => 2L * Outputs,
            _ => 0,
        };

    /// <summary>Number of recurrent state values.</summary>
    public int StateLength => Kind == LayerKind.Gru ? Outputs : 0;

    /// <summary>True where the kind, the activation and the sizes make sense together.</summary>
    public bool IsValid =>
        Inputs is > 0 and <= NetworkSpec.MaxWidth
        && Outputs is > 0 and <= NetworkSpec.MaxWidth
        && Activation <= Activation.LeakyRelu
        && Kind switch
        {
            LayerKind.Dense => true,
            LayerKind.Gru => Activation == Activation.Identity,
            LayerKind.LayerNorm => Inputs == Outputs,
            LayerKind.Normaliser => Inputs == Outputs && Activation == Activation.Identity,
            _ => false,
        };
}
