using Robotics.Learner.Networks;

namespace Robotics.Learner.Td3;

/// <summary>Constants of TD3 (Fujimoto et al. 2018, arXiv:1802.09477) and of its schedule in environment steps.</summary>
/// <remarks>Defaults are the published hover recipe (Learning to Fly in Seconds, arXiv:2311.13081), preset <c>published</c>.</remarks>
public sealed partial record Td3Options
{
    /// <summary>Environment steps of the whole run.</summary>
    public long Steps { get; init; } = 300_001;

    /// <summary>Hidden widths of actor and critics.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>FAST_TANH (recipe) or ReLU (pendulum of rl-tools' zoo).</summary>
    public Kernels.Activation HiddenActivation { get; init; } = Kernels.Activation.FastTanh;

    /// <summary>Rows per minibatch.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Environment steps between critic updates.</summary>
    public int CriticEvery { get; init; } = 10;

    /// <summary>Environment steps between actor updates.</summary>
    public int ActorEvery { get; init; } = 20;

    /// <summary>Environment steps between moves of the critics' targets.</summary>
    public int CriticTargetEvery { get; init; } = 10;

    /// <summary>Environment steps between moves of the actor's target.</summary>
    public int ActorTargetEvery { get; init; } = 20;

    /// <summary>Environment steps before the first critic update.</summary>
    public long CriticWarmup { get; init; } = 15_000;

    /// <summary>Environment steps before the first actor update.</summary>
    public long ActorWarmup { get; init; } = 30_000;

    /// <summary>Discount γ.</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>Factor on rewards inside the critics' targets; the actor's optimum does not depend on it.</summary>
    public double RewardScale { get; init; } = 1;

    /// <summary>Share of a target network that stays at each move.</summary>
    public double Polyak { get; init; } = 0.995;

    /// <summary>Standard deviation of the noise on target actions.</summary>
    public double TargetNoise { get; init; } = 0.2;

    /// <summary>Clip of the noise on target actions.</summary>
    public double TargetNoiseClip { get; init; } = 0.5;

    /// <summary>Standard deviation of the Gaussian exploration the bundle's manifest asks the edge for.</summary>
    public double ExplorationNoise { get; init; } = 0.1;

    /// <summary>Adam of the actor. Weight decay: the recipe takes 1e-4 / 2 of every weight per update.</summary>
    public AdamOptions Actor { get; init; } = new(1e-3, WeightDecay: 0.5e-4);

    /// <summary>Adam of both critics.</summary>
    public AdamOptions Critic { get; init; } = new(1e-3, WeightDecay: 0.5e-4);

    /// <summary>Environment step from which learning rates fall linearly; at or beyond <see cref="Steps"/>: never (recipe).</summary>
    public long RateDecayFrom { get; init; } = long.MaxValue;

    /// <summary>Factor on the learning rates at the end of the run, where they decay.</summary>
    public double FinalRateFactor { get; init; } = 1;

    /// <summary>What share the published actor keeps of its running average at each actor update; 0 publishes the newest actor (recipe).</summary>
    public double ActorAverage { get; init; }

    /// <summary>Environment step from which the published actor is averaged; before it the newest actor explores, because acting with
    /// the average from the start was measured to hold slow seeds back.</summary>
    public long ActorAverageFrom { get; init; }

    /// <summary>Factor on the learning rates at <paramref name="step"/>.</summary>
    public double RateFactor(long step)
    {
        if (step <= RateDecayFrom || RateDecayFrom >= Steps)
            return 1;
        double done = Math.Min(1, (double)(step - RateDecayFrom) / (Steps - RateDecayFrom));
        return 1 + (done * (FinalRateFactor - 1));
    }
}
