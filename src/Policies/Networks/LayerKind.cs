namespace Robotics.Policies;

/// <summary>What a layer computes. The numbers are part of docs/formats/network-image.md: append, never renumber.</summary>
public enum LayerKind : byte
{
    /// <summary>y = f(W x + b). Parameters: W [outputs, inputs], b [outputs].</summary>
    Dense = 1,

    /// <summary>Gated recurrent unit, gate order r, z, n:
    /// r = σ(Wir x + bir + Whr h + bhr), z likewise, n = tanh(Win x + bin + r ⊙ (Whn h + bhn)), h' = z ⊙ h + (1 − z) ⊙ n; y = h'.
    /// Parameters: Wi [3 outputs, inputs], bi [3 outputs], Wh [3 outputs, outputs], bh [3 outputs], h0 [outputs].</summary>
    /// <remarks>The form of PyTorch's <c>nn.GRU</c> (Cho et al. 2014, arXiv:1406.1078, with the reset gate after the product).</remarks>
    Gru = 2,

    /// <summary>y = f(γ ⊙ (x − mean(x)) / √(var(x) + 1e-5) + β), biased variance. Parameters: γ [n], β [n].</summary>
    /// <remarks>Ba et al. 2016, arXiv:1607.06450; the epsilon is PyTorch's default.</remarks>
    LayerNorm = 3,

    /// <summary>y = clamp((x − mean) ⊙ scale, ±10): the observation normaliser as a layer. Parameters: mean [n], scale [n] (1/σ).</summary>
    /// <remarks>The clip of 10 is that of OpenAI Baselines' VecNormalize.</remarks>
    Normaliser = 4,
}
