using System.Numerics;
using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Models;
using Robotics.Tasks;

namespace Robotics.Learner.Apg;

/// <summary>Analytic policy gradient: backpropagation through the batched simulator and the task's cost over short horizons.</summary>
/// <remarks>
/// <para>Loss: mean over vehicles and steps of the cost of the evaluation weights, ∂L/∂θ = Σ_t ∂L/∂a_t ∂a_t/∂θ with the gradient of each
/// state carried back through dynamics, observation and previous action. States carry over from one horizon to the next; the gradient does not,
/// and it stops where an episode ended. No value function, no reward but the task's.</para>
/// <para>Source of the idea: Freeman et al. 2021 (Brax, arXiv:2106.13281, "APG"). Single thread; allocates nothing after construction.</para>
/// </remarks>
public sealed class ApgLearner : IDisposable
{
    private readonly BatchedEnvironment _environment;
    private readonly ApgOptions _options;
    private readonly ApgPilot _pilot;
    private readonly AdamOptimizer _adam;
    private readonly AlignedBuffer _stepGradient;
    private readonly AlignedBuffer[] _observationMemory;
    private readonly Matrix[] _observations;
    private readonly MlpTrace[] _traces;
    private readonly LaneBlocks[] _states;
    private readonly LaneBlocks[] _actions;
    private readonly ushort[][] _ended;
    private readonly LaneBlocks _stateGradient;
    private readonly LaneBlocks _previousGradient;
    private readonly float[] _actionGradient;
    private readonly float[] _frameGradient;

    /// <summary>A fresh policy for <paramref name="environment"/>'s task; the environment's episodes take the options' length from now on.</summary>
    /// <exception cref="ArgumentException">The integrator runs faster than the policy: one step per action is differentiated.</exception>
    public ApgLearner(BatchedEnvironment environment, ApgOptions options, KernelChoice kernels, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        if (environment.StepsPerAction != 1)
            throw new ArgumentException($"{environment.StepsPerAction} integrator steps per action; APG differentiates one: set driver.integrator_rate_hz to the policy's rate", nameof(environment));
        _environment = environment;
        _environment.EpisodeSteps = Math.Min(options.EpisodeSteps, environment.Task.MaxEpisodeSteps);
        _options = options;
        RobotTask task = environment.Task;
        int inputs = task.FrameLength + task.ActionLength;
        var shape = new MlpShape([inputs, options.HiddenWidth, options.HiddenWidth, task.ActionLength], Activation.FastTanh, Activation.FastTanh);
        Policy = new Mlp(shape, DenseKernels.For(kernels));
        Policy.Initialize(new SeededRandom(seed, "policy"));
        _adam = new AdamOptimizer(Policy, new AdamOptions(options.LearningRate));
        _stepGradient = new AlignedBuffer(shape.ParameterLength);
        _pilot = new ApgPilot(environment);
        int horizon = options.Horizon;
        _observationMemory = [.. Enumerable.Range(0, horizon).Select(_ => new AlignedBuffer((long)environment.Count * DenseShape.StrideFor(inputs)))];
        _observations = [.. _observationMemory.Select(m => View(m, environment.Count, inputs))];
        _traces = new MlpTrace[horizon];
        for (int t = 0; t < horizon; t++)
            _traces[t] = new MlpTrace(shape, environment.Count, workspace: _traces[0]); // one reverse pass at a time
        _states = [.. Enumerable.Range(0, horizon).Select(_ => new LaneBlocks(environment.Count, environment.State.Rows))];
        _actions = [.. Enumerable.Range(0, horizon).Select(_ => new LaneBlocks(environment.Count, task.ActionLength))];
        _ended = [.. Enumerable.Range(0, horizon).Select(_ => new ushort[environment.Blocks])];
        _stateGradient = new LaneBlocks(environment.Count, environment.State.Rows);
        _previousGradient = new LaneBlocks(environment.Count, task.ActionLength);
        _actionGradient = new float[task.ActionLength * LaneBlocks.Lanes];
        _frameGradient = new float[task.FrameLength * LaneBlocks.Lanes];
    }

    /// <summary>The policy: frame and previous action to action.</summary>
    public Mlp Policy { get; }

    /// <summary>Updates so far.</summary>
    public int Updates { get; private set; }

    /// <summary>Length of the last gradient before it was bounded.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>One update: fly a horizon, differentiate it, step.</summary>
    public void Update()
    {
        Fly();
        Differentiate();
        Bound();
        double progress = Math.Min(1, (double)Updates / _options.Updates);
        _adam.Step(1 - ((1 - _options.FinalRateShare) * progress));
        Updates++;
    }

    /// <summary>Flies one horizon and keeps what the reverse pass needs.</summary>
    public void Fly()
    {
        for (int t = 0; t < _options.Horizon; t++)
        {
            _pilot.Observe(_observations[t]);
            for (int block = 0; block < _environment.Blocks; block++)
                _environment.State.Block(block).CopyTo(_states[t].Block(block));
            _pilot.Fly(Policy, _observations[t], _traces[t]);
            for (int block = 0; block < _environment.Blocks; block++)
            {
                _environment.Actions.Block(block).CopyTo(_actions[t].Block(block));
                _ended[t][block] = (ushort)(_environment.Failed[block] | _environment.Truncated[block]);
            }
        }
    }

    /// <summary>The gradient of the flown horizon's loss, into the optimiser.</summary>
    public void Differentiate()
    {
        _adam.Gradient.Span.Clear();
        for (int block = 0; block < _environment.Blocks; block++)
        {
            _stateGradient.Block(block).Clear();
            _previousGradient.Block(block).Clear();
        }
        for (int t = _options.Horizon - 1; t >= 0; t--)
        {
            for (int block = 0; block < _environment.Blocks; block++)
                StepBack(t, block);
            Policy.Backward(_traces[t], _stepGradient, inputFrom: 0);
            Add(_stepGradient.Span, _adam.Gradient.Span);
            for (int block = 0; block < _environment.Blocks; block++)
                ObserveBack(t, block);
        }
    }

    /// <summary>dL/dparameters of the last <see cref="Differentiate"/>.</summary>
    public ReadOnlySpan<float> Gradient => _adam.Gradient.Span;

    /// <summary>The loss of the flown horizon.</summary>
    public double Loss()
    {
        double sum = 0;
        var reward = new float[LaneBlocks.Lanes];
        for (int t = 0; t < _options.Horizon; t++)
        {
            for (int block = 0; block < _environment.Blocks; block++)
            {
                _environment.BlockTask.Reward(_states[t].Block(block), _actions[t].Block(block), _environment.Task.Reward.EvaluationWeights, reward);
                foreach (float r in reward)
                    sum -= r;
            }
        }
        return sum * Share;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MlpTrace trace in _traces)
            trace.Dispose();
        foreach (AlignedBuffer memory in _observationMemory)
            memory.Dispose();
        _stepGradient.Dispose();
        _adam.Dispose();
        Policy.Dispose();
    }

    private double Share => 1.0 / ((double)_options.Horizon * _environment.Count);

    // From the state after step t and the next observation's previous action to the state before it and the policy's output.
    private void StepBack(int t, int block)
    {
        Span<float> state = _stateGradient.Block(block);
        Span<float> action = _actionGradient;
        Cut(_ended[t][block], state);
        Cut(_ended[t][block], _previousGradient.Block(block));
        _previousGradient.Block(block).CopyTo(action);
        _environment.StepBack(_states[t].Block(block), _actions[t].Block(block), block, state, action);
        _environment.BlockTask.CostBack(
            _states[t].Block(block), _actions[t].Block(block), _environment.Task.Reward.EvaluationWeights, (float)Share, state, action);
        LaneTranspose.ToBatch(action, _traces[t].OutputGradient, block, 0);
    }

    private void ObserveBack(int t, int block)
    {
        LaneTranspose.ToLanes(_traces[t].InputGradient, block, 0, _frameGradient);
        LaneTranspose.ToLanes(_traces[t].InputGradient, block, _environment.Task.FrameLength, _previousGradient.Block(block));
        _environment.BlockTask.FrameBack(_states[t].Block(block), _frameGradient, _stateGradient.Block(block));
    }

    // What came after the end of an episode does not depend on what came before.
    private static void Cut(uint lanes, Span<float> rows)
    {
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            for (int i = BitOperations.TrailingZeroCount(left); i < rows.Length; i += LaneBlocks.Lanes)
                rows[i] = 0;
        }
    }

    private void Bound()
    {
        Span<float> gradient = _adam.Gradient.Span;
        double squares = 0;
        foreach (float g in gradient)
            squares += (double)g * g;
        GradientNorm = Math.Sqrt(squares);
        // A gradient that is not finite teaches nothing: leave the policy as it is this time.
        float factor = double.IsFinite(GradientNorm) ? (float)Math.Min(1, _options.MaxGradientNorm / GradientNorm) : 0;
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = factor == 0 ? 0 : gradient[i] * factor;
    }

    private static void Add(ReadOnlySpan<float> from, Span<float> to)
    {
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += from[i];
    }

    private static unsafe Matrix View(AlignedBuffer memory, int rows, int columns) =>
        new((nint)memory.Pointer, rows, columns, DenseShape.StrideFor(columns));
}
