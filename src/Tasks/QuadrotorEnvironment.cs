using Robotics.Core;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>One simulated quadrotor at one task, without drivers and safety: for measuring learners alone.</summary>
/// <remarks>The same dynamics (in single precision), observation, reward, termination and resets as <see cref="BatchedEnvironment"/> and the
/// simulated driver. Deterministic under its seed; allocates nothing after construction; not thread-safe.</remarks>
public sealed class QuadrotorEnvironment
{
    private readonly QuadrotorModel<float> _model;
    private readonly SimulationSettings _settings;
    private readonly SeededRandom _reset;
    private readonly SeededRandom _noise;
    private readonly SensorSample _sample;
    private readonly float[] _start = new float[QuadrotorChannels.StateCount];
    private readonly float[] _setpoints = new float[QuadrotorParameters.RotorCount];
    private readonly float _stepS;
    private readonly int _stepsPerAction;
    private QuadrotorState<float> _state;

    /// <summary>A quadrotor of <paramref name="airframe"/> at <paramref name="task"/>; <see cref="Reset"/> starts the first episode.</summary>
    public QuadrotorEnvironment(RobotTask task, QuadrotorParameters airframe, SimulationSettings settings, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(settings);
        (Task, _settings) = (task, settings);
        _model = new QuadrotorModel<float>(airframe);
        _stepS = (float)(1 / settings.IntegratorRateHz);
        _stepsPerAction = Math.Max(1, (int)Math.Round(settings.IntegratorRateHz / task.PolicyRateHz));
        _reset = new SeededRandom(seed, "reset");
        _noise = new SeededRandom(seed, "noise");
        _sample = new SensorSample(task.StateChannels);
        Reset();
    }

    /// <summary>The task.</summary>
    public RobotTask Task { get; }

    /// <summary>Policy steps since the reset.</summary>
    public int EpisodeStep { get; private set; }

    /// <summary>What the task says of the present state.</summary>
    public EpisodeOutcome Outcome { get; private set; }

    /// <summary>The task ended here, in failure or success.</summary>
    public bool IsTerminated => Outcome != EpisodeOutcome.Running;

    /// <summary>The episode is cut here by its length.</summary>
    public bool IsTruncated => !IsTerminated && EpisodeStep >= Task.MaxEpisodeSteps;

    /// <summary>Distance from the task's target, m.</summary>
    public double DistanceToTarget => Task.DistanceToTarget(_sample);

    /// <summary>Draws the next episode's start and disturbance.</summary>
    public void Reset()
    {
        Task.SampleReset(_reset, _start);
        for (int i = 0; i < 6; i++)
        {
            ref float value = ref _start[QuadrotorChannels.DisturbanceStart + i];
            if (float.IsNaN(value))
                value = (float)((i < 3 ? _settings.ForceStdN : _settings.TorqueStdNM) * _reset.NextGaussian());
        }
        _state = QuadrotorChannels.Unpack(_start, QuadrotorState<float>.AtRest((float)_model.Parameters.HoverSetpoint));
        EpisodeStep = 0;
        Look();
    }

    /// <summary>The frame with the task's noise.</summary>
    public void Observe(Span<float> frame) => Task.ObserveFrame(_sample, _noise, frame);

    /// <summary>The noise-free privileged observation.</summary>
    public void ObservePrivileged(Span<float> privileged) => Task.ObservePrivileged(_sample, privileged);

    /// <summary>One policy step under <paramref name="action"/>, clamped to [-1, 1].</summary>
    public void Step(ReadOnlySpan<float> action)
    {
        Task.Action.ToCommand(action, _setpoints);
        for (int i = 0; i < _stepsPerAction; i++)
            _model.Step(ref _state, _setpoints, _stepS);
        EpisodeStep++;
        Look();
    }

    private void Look()
    {
        QuadrotorChannels.Pack(_state, _sample.Values);
        Outcome = Task.Judge(_sample);
    }
}
