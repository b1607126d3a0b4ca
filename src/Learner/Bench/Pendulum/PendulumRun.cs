using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;
using Robotics.Learner.Sac;
using Robotics.Learner.Td3;

namespace Robotics.Learner.Bench.Pendulum;

/// <summary>One pendulum training in one process, with TD3 or SAC, on the constants of rl-tools' zoo (batch 100, 64-64 ReLU, 20,000 steps).</summary>
public sealed unsafe class PendulumRun : IDisposable
{
    private const int EvaluationEpisodes = 100; // rl-tools' final evaluation

    private static readonly AdamOptions s_adam = new(1e-3, Epsilon: 1e-7); // TF-style epsilon of the zoo

    /// <summary>TD3 of the zoo: actor and targets every second step, polyak 0.995.</summary>
    public static Td3Options Td3 { get; } = new()
    {
        Steps = 20_000,
        HiddenActivation = Activation.Relu,
        Batch = 100,
        CriticEvery = 1,
        CriticTargetEvery = 2,
        ActorEvery = 2,
        ActorTargetEvery = 2,
        CriticWarmup = 100,
        ActorWarmup = 100,
        Actor = s_adam,
        Critic = s_adam,
    };

    /// <summary>SAC of the zoo: every network every step, α from 1.</summary>
    public static SacOptions Sac { get; } = new()
    {
        Steps = 20_000,
        Hidden = [64, 64],
        Batch = 100,
        Warmup = 100,
        Actor = s_adam,
        Critic = s_adam,
    };

    private static readonly ReplayLayout s_layout = new(PendulumSimulation.FrameLength, 0, 1, 0);
    private readonly PendulumSimulation _simulation;
    private readonly SeededRandom _exploration;
    private readonly ReplayMemory _replay;
    private readonly Td3Learner? _td3;
    private readonly SacLearner? _sac;
    private readonly MlpTrace _trace;
    private readonly AlignedBuffer _memory = new(DenseShape.PanelWidth);
    private readonly Matrix _observation;
    private readonly float[] _frame = new float[PendulumSimulation.FrameLength];
    private readonly float[] _next = new float[PendulumSimulation.FrameLength];
    private long _steps;

    /// <summary>A run of SAC or, by default, TD3.</summary>
    public PendulumRun(bool sac, ulong seed, KernelChoice kernels = KernelChoice.Auto)
    {
        var arithmetic = DenseKernels.For(kernels);
        _simulation = new PendulumSimulation(seed);
        _exploration = new SeededRandom(seed, "exploration");
        _replay = new ReplayMemory(s_layout, ReplaySizes.For(Sac.Steps), new PendulumReward());
        _td3 = sac ? null : new Td3Learner(Td3, s_layout, seed, arithmetic);
        _sac = sac ? new SacLearner(Sac, s_layout, seed, arithmetic) : null;
        _trace = new MlpTrace(Actor.Shape, 1, withGradients: false);
        _observation = new Matrix((nint)_memory.Pointer, 1, PendulumSimulation.FrameLength, DenseShape.PanelWidth);
        Start();
    }

    private Mlp Actor => _td3?.Actor ?? _sac!.Actor;

    /// <summary>Trains until <paramref name="steps"/> environment steps.</summary>
    public void RunTo(long steps)
    {
        while (_steps < steps)
        {
            EnvironmentStep();
            _td3?.Step(_steps, _replay);
            _sac?.Step(_steps, _replay);
        }
    }

    /// <summary>Mean return of the deterministic policy over 100 episodes.</summary>
    public double Evaluate(ulong seed)
    {
        var simulation = new PendulumSimulation(seed);
        double total = 0;
        for (int e = 0; e < EvaluationEpisodes; e++)
        {
            simulation.Reset();
            while (simulation.EpisodeStep < PendulumSimulation.MaxEpisodeSteps)
            {
                simulation.Observe(_next);
                total += simulation.Step(Deterministic(_next));
            }
        }
        return total / EvaluationEpisodes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _td3?.Dispose();
        _sac?.Dispose();
        _replay.Dispose();
        _trace.Dispose();
        _memory.Dispose();
    }

    private void Start()
    {
        _simulation.Reset();
        _simulation.Observe(_frame);
    }

    private void EnvironmentStep()
    {
        float action = Explore();
        int episodeStep = _simulation.EpisodeStep;
        _simulation.Step(action);
        _simulation.Observe(_next);
        bool truncated = _simulation.EpisodeStep >= PendulumSimulation.MaxEpisodeSteps;
        _replay.Add(
            new EnvironmentStep
            {
                Frame = _frame,
                Action = [action],
                EpisodeStep = episodeStep,
                Truncated = truncated,
                FinalFrame = _next,
            }
        );
        _steps++;
        if (truncated)
            Start();
        else
            _next.CopyTo(_frame, 0);
    }

    private Span<float> Head(ReadOnlySpan<float> frame)
    {
        frame.CopyTo(_observation.Span(0));
        return Actor.Forward(_observation, _trace).Span(0);
    }

    private float Deterministic(ReadOnlySpan<float> frame) => _td3 is null ? MathF.Tanh(Head(frame)[0]) : Head(frame)[0];

    private float Explore()
    {
        if (_sac is not null && _steps < Sac.Warmup)
            return (float)_exploration.NextUniform(-1, 1);
        Span<float> head = Head(_frame);
        float noise = (float)_exploration.NextGaussian();
        if (_sac is null)
            return Math.Clamp(head[0] + ((float)Td3.ExplorationNoise * noise), -1, 1);
        return MathF.Tanh(head[0] + (SacLearner.Deviation(head[1]) * noise));
    }
}
