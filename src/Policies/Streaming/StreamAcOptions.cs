namespace Robotics.Policies.Streaming;

/// <summary>Constants of stream-AC(λ) with overshooting-bounded gradient descent (Elsayed et al. 2024, arXiv:2410.14606).</summary>
/// <remarks>Defaults are the paper's for continuous actions but for λ.</remarks>
public sealed record StreamAcOptions
{
    /// <summary>Widths of the hidden layers of fresh networks; multiples of 16.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>Discount γ.</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>Decay λ of the eligibility traces. The paper's is 0.8; with 0.9 every seed of five learns hover in 2,000,000 steps, with 0.8
    /// the one tried had 124 steps of 500 where 0.9 had 328 (600,000 steps, measured 2026-11-21, docs/benchmarks.md).</summary>
    public double Lambda { get; init; } = 0.9;

    /// <summary>Step size before it is bounded, lr.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>κ of the actor: one step moves the error it follows by at most 1/κ of itself.</summary>
    public double ActorKappa { get; init; } = 3;

    /// <summary>κ of the critic.</summary>
    public double CriticKappa { get; init; } = 2;

    /// <summary>Weight of the entropy in the actor's trace.</summary>
    public double EntropyWeight { get; init; } = 0.01;

    /// <summary>Share of every unit's incoming weights that begin at 0.</summary>
    public double Sparsity { get; init; } = 0.9;

    /// <summary>σ of a fresh policy's exploration; softplus(0) = ln 2 is the paper's.</summary>
    public double InitialDeviation { get; init; } = 0.6931471805599453;

    /// <summary>Steps at the start in which only the critic learns: a policy that already flies is not moved by a critic that knows nothing.</summary>
    public long CriticOnlySteps { get; init; }

    /// <summary>For a policy that flies already: small steps of the actor, begun when the critic knows the policy's value.</summary>
    /// <remarks>Measured on the hover policy of 300,001 TD3 steps, 300,000 further steps (2026-11-21): κ 10 raises the settled share from
    /// 0.44 to 0.64 at unchanged length; κ 3 destroys the policy within 120,000 steps; κ 30 and 300 change next to nothing.</remarks>
    public static StreamAcOptions Adapt { get; } = new() { ActorKappa = 10, EntropyWeight = 0, CriticOnlySteps = 20_000 };
}
