using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Robotics.Learner.Kernels;

/// <summary>The arithmetic of training: dense layers forward and backward, activations, optimiser steps.</summary>
/// <remarks>Stateless and thread-safe. All versions compute the same thing up to float32 rounding (sums are ordered differently).
/// Shapes: x is [B, Inputs], y is [B, Outputs]; layouts in <see cref="DenseShape"/>.</remarks>
public abstract unsafe class DenseKernels
{
    /// <summary>The kernels for <paramref name="choice"/>.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine has not got them; the message says which it has.</exception>
    public static DenseKernels For(KernelChoice choice) =>
        choice switch
        {
            KernelChoice.Plain => new PlainKernels(),
            KernelChoice.Vector128 => new SimdKernels<Lanes128, Vector128<float>>(),
            KernelChoice.Avx2 when HasAvx2 => new SimdKernels<Lanes256, Vector256<float>>(),
            KernelChoice.Avx512 when Avx512F.IsSupported => new SimdKernels<Lanes512, Vector512<float>>(),
            KernelChoice.Auto when Avx512F.IsSupported => new SimdKernels<Lanes512, Vector512<float>>(),
            KernelChoice.Auto when HasAvx2 => new SimdKernels<Lanes256, Vector256<float>>(),
            KernelChoice.Auto => new SimdKernels<Lanes128, Vector128<float>>(),
            _ => throw new PlatformNotSupportedException(
                $"kernels {choice}: this machine has avx512={Avx512F.IsSupported}, avx2+fma={HasAvx2}; use Auto, Vector128 or Plain"
            ),
        };

    /// <summary>True where <see cref="For"/> accepts <paramref name="choice"/> on this machine.</summary>
    public static bool IsSupported(KernelChoice choice) =>
        choice switch
        {
            KernelChoice.Avx512 => Avx512F.IsSupported,
            KernelChoice.Avx2 => HasAvx2,
            _ => true,
        };

    /// <summary>ε of layer normalisation: PyTorch's default.</summary>
    protected const float NormEpsilon = 1e-5f;

    private static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Short name for reports.</summary>
    public abstract string Name { get; }

    /// <summary>y = f(x Wᵀ + b). For <see cref="Activation.FastTanh"/> also the derivative f' into <paramref name="derivative"/>
    /// (same shape as y; default where no gradient will be asked for).</summary>
    public abstract void Forward(DenseShape shape, Matrix x, float* weights, float* bias, Matrix y, Activation activation, Matrix derivative);

    /// <summary>dx = (dy W) ∘ f'(previous layer), for the panels of 16 inputs from <paramref name="firstPanel"/> on.</summary>
    /// <param name="shape">Shape of the layer whose input gradient is computed.</param>
    /// <param name="dy">Gradient at the layer's output before its activation, [B, Outputs].</param>
    /// <param name="transposed">Weights in the transposed form.</param>
    /// <param name="dx">Result, [B, Inputs]; columns below 16 * firstPanel are not written.</param>
    /// <param name="previous">Activation that made the layer's input.</param>
    /// <param name="gate">What the gradient of that activation needs: its derivative (FastTanh) or its output (ReLU forms).</param>
    /// <param name="firstPanel">First panel of 16 inputs.</param>
    /// <param name="rows">Row b of dy and dx belongs to row rows[b] of the forward pass, and of <paramref name="gate"/>; null: to row b.</param>
    public abstract void BackwardInput(
        DenseShape shape,
        Matrix dy,
        float* transposed,
        Matrix dx,
        Activation previous,
        Matrix gate,
        int firstPanel = 0,
        int* rows = null
    );

    /// <summary>dW = dyᵀ x in the panel form and db = Σ dy over the batch; both overwritten.</summary>
    public abstract void BackwardWeights(DenseShape shape, Matrix x, Matrix dy, float* weightGradient, float* biasGradient);

    /// <summary>Layer normalisation (Ba et al. 2016, arXiv:1607.06450) with ε = 1e-5, then the activation: x̂ = (z - mean) / √(var + ε),
    /// y = f(gain x̂ + shift).</summary>
    /// <param name="standard">z on entry, x̂ on return, [B, N]; N is a multiple of 16.</param>
    /// <param name="gain">[N], or null for 1.</param>
    /// <param name="shift">[N], or null for 0.</param>
    /// <param name="y">Result, [B, N].</param>
    /// <param name="scales">1 / √(var + ε) of every row, [B, 1].</param>
    /// <param name="activation">f.</param>
    /// <param name="derivative">f', for FastTanh only.</param>
    public abstract void Normalise(Matrix standard, float* gain, float* shift, Matrix y, Matrix scales, Activation activation, Matrix derivative);

    /// <summary>Reverse mode of <see cref="Normalise"/>, after the activation's slope was applied: with g = gain dy,
    /// dz = scale (g - mean(g) - x̂ mean(g x̂)); dgain = Σ dy x̂ and dshift = Σ dy over the batch.</summary>
    /// <param name="dy">Gradient at gain x̂ + shift on entry, at z on return.</param>
    /// <param name="standard">x̂.</param>
    /// <param name="scales">Of the forward pass.</param>
    /// <param name="gain">[N], or null for 1.</param>
    /// <param name="gainGradient">Overwritten; null leaves it out.</param>
    /// <param name="shiftGradient">Overwritten; null leaves it out.</param>
    /// <param name="rows">Row b of dy belongs to row rows[b] of the forward pass; null: to row b. Without gradients of gain and shift only.</param>
    public abstract void BackwardNormalise(Matrix dy, Matrix standard, Matrix scales, float* gain, float* gainGradient, float* shiftGradient, int* rows = null);

    /// <summary>The gates of a gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, in PyTorch's form): r = σ(gi_r + gh_r), z = σ(gi_z + gh_z),
    /// n = tanh(gi_n + r gh_n), h' = n + z (h - n).</summary>
    /// <param name="inputGates">Wi x + bi on entry, r | z | n on return, [B, 3 U]; U is a multiple of 16.</param>
    /// <param name="hiddenGates">Wh h + bh, [B, 3 U].</param>
    /// <param name="hidden">h, [B, U].</param>
    /// <param name="next">h', [B, U].</param>
    public abstract void Gates(Matrix inputGates, Matrix hiddenGates, Matrix hidden, Matrix next);

    /// <summary>Reverse mode of <see cref="Gates"/>, from dL/dh'.</summary>
    /// <param name="gates">r | z | n of the forward pass, [B, 3 U].</param>
    /// <param name="hiddenGates">On entry that of the forward pass, on return the gradient at it.</param>
    /// <param name="hidden">h.</param>
    /// <param name="nextGradient">dL/dh', [B, U].</param>
    /// <param name="inputGradient">The gradient at Wi x + bi, [B, 3 U].</param>
    /// <param name="hiddenGradient">What reaches h past the gates (z dL/dh'), [B, U].</param>
    public abstract void BackwardGates(Matrix gates, Matrix hiddenGates, Matrix hidden, Matrix nextGradient, Matrix inputGradient, Matrix hiddenGradient);

    /// <summary>m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; p ← keep·p - rate·m / (√(v·correction) + ε), over <paramref name="length"/> floats.</summary>
    public abstract void Adam(float* parameter, float* gradient, float* first, float* second, int length, AdamStep step);

    /// <summary>target ← keep·target + (1 - keep)·source.</summary>
    public abstract void Polyak(float* target, float* source, int length, float keep);

    /// <summary>target ← target + source.</summary>
    public abstract void Add(float* target, float* source, int length);

    /// <summary>Writes the transposed form of panel-form weights.</summary>
    public virtual void Transpose(DenseShape shape, float* weights, float* transposed)
    {
        const int panel = DenseShape.PanelWidth;
        for (int k = 0; k < shape.Inputs; k++)
        {
            float* column = transposed + ((nint)(k / panel) * shape.Outputs * panel) + (k % panel);
            for (int n = 0; n < shape.Outputs; n++)
                column[n * panel] = weights[shape.IndexOf(n, k)];
        }
    }
}
