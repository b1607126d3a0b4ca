using System.Numerics;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>Many simulated quadrotors at one task: step, reward, termination, truncation, reset and noisy observation, 16 at a time.</summary>
/// <remarks>
/// <para>Use: write <see cref="Actions"/>, call <see cref="Step"/>, read <see cref="Rewards"/>, <see cref="Failed"/>, <see cref="Truncated"/>
/// and <see cref="Frames"/> (already of the next episode where one ended). <see cref="History"/> is a ring that all vehicles share the
/// position of; a restart does not clear it (that would touch every line of it): actions older than the episode count as the task's
/// initial action, as <see cref="ReadObservation"/> shows.</para>
/// <para>Deterministic under its seed; single thread; allocates nothing after construction.</para>
/// </remarks>
public sealed class BatchedEnvironment
{
    private const int Lanes = LaneBlocks.Lanes;

    private readonly BatchedQuadrotor _vehicles;
    private readonly BlockTask _task;
    private readonly LaneRandom _noise;
    private readonly LaneDraws _resets;
    private readonly double _forceStdN;
    private readonly double _torqueStdNM;
    private readonly int _stepsPerAction;
    private readonly float[] _noiseRows;
    private readonly float[] _start;
    private readonly float[] _defaults;
    private readonly int[] _ages;
    private readonly float[] _lastDistances;
    private readonly ushort[] _failed;
    private readonly ushort[] _truncated;

    /// <summary>Vehicles of <paramref name="parameters"/> at <paramref name="task"/>, each at a start state of its own.</summary>
    /// <param name="task">Bound to the channels of <see cref="QuadrotorChannels.State"/>.</param>
    /// <param name="parameters">The airframe.</param>
    /// <param name="settings">As in the driver section of robot.yaml.</param>
    /// <param name="vehicles">How many; rounded up to 16.</param>
    /// <param name="seed">Of noise, disturbance and start states.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    /// <exception cref="ArgumentException">The task is bound to other channels.</exception>
    public BatchedEnvironment(
        RobotTask task, QuadrotorParameters parameters, SimulationSettings settings, int vehicles, ulong seed, int registerBits = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(settings);
        if (!task.StateChannels.Select(c => c.Name).SequenceEqual(QuadrotorChannels.State(parameters).Select(c => c.Name)))
            throw new ArgumentException("the task is bound to other channels than a simulated quadrotor has", nameof(task));
        _stepsPerAction = Math.Max(1, (int)Math.Round(settings.IntegratorRateHz / task.PolicyRateHz));
        _vehicles = new BatchedQuadrotor(parameters, 1 / settings.IntegratorRateHz, vehicles, registerBits);
        _task = BlockTask.Create(task, registerBits);
        _noise = new LaneRandom(seed, "noise", registerBits);
        _resets = new LaneDraws(new LaneRandom(seed, "reset", registerBits));
        (_forceStdN, _torqueStdNM) = (settings.ForceStdN, settings.TorqueStdNM);
        _noiseRows = new float[(task.FrameLength + (task.FrameLength % 2)) * Lanes];
        _start = new float[QuadrotorChannels.StateCount];
        _defaults = new float[QuadrotorChannels.StateCount];
        QuadrotorChannels.Pack(QuadrotorState<double>.AtRest(parameters.HoverSetpoint), _defaults);
        Actions = new LaneBlocks(vehicles, task.ActionLength);
        Frames = new LaneBlocks(vehicles, task.FrameLength);
        Rewards = new LaneBlocks(vehicles, 1);
        History = new LaneBlocks(vehicles, Math.Max(1, task.HistoryLength) * task.ActionLength);
        Weights = task.Reward.CurriculumAt(0);
        EpisodeSteps = task.MaxEpisodeSteps;
        _ages = new int[Count];
        _lastDistances = new float[Count];
        _failed = new ushort[Blocks];
        _truncated = new ushort[Blocks];
        for (int block = 0; block < Blocks; block++)
        {
            Restart(block, 0xFFFF);
            Observe(block);
        }
    }

    /// <summary>Number of vehicles, a multiple of 16.</summary>
    public int Count => _vehicles.Count;

    /// <summary>Number of blocks of 16.</summary>
    public int Blocks => Actions.Count;

    /// <summary>The task.</summary>
    public RobotTask Task => _task.Task;

    /// <summary>States before the next step, one row per channel.</summary>
    public LaneBlocks State => _vehicles.State;

    /// <summary>Normalised actions to take, ActionLength rows; clamped to [-1, 1] by the step.</summary>
    public LaneBlocks Actions { get; }

    /// <summary>Noisy observation frames before the next step, FrameLength rows.</summary>
    public LaneBlocks Frames { get; }

    /// <summary>Rewards of the last step, one row.</summary>
    public LaneBlocks Rewards { get; }

    /// <summary>Executed actions, a ring of HistoryLength times ActionLength rows.</summary>
    public LaneBlocks History { get; }

    /// <summary>Index of the oldest action in the ring.</summary>
    public int OldestAction { get; private set; }

    /// <summary>Steps after which an episode is truncated; the task's own unless a learner wants more of its beginnings.</summary>
    public int EpisodeSteps { get; set; }

    /// <summary>Reward weights in force.</summary>
    public RewardWeights Weights { get; set; }

    /// <summary>Counts of the episodes that ended since they were last cleared.</summary>
    public EpisodeCounts Episodes { get; } = new();

    /// <summary>Bit per vehicle of a block whose episode the last step ended in failure.</summary>
    public ReadOnlySpan<ushort> Failed => _failed;

    /// <summary>Bit per vehicle of a block whose episode the last step ended by its length (or by success).</summary>
    public ReadOnlySpan<ushort> Truncated => _truncated;

    /// <summary>Per vehicle, the distance from the target at which its last episode ended, m.</summary>
    public ReadOnlySpan<float> LastDistances => _lastDistances;

    /// <summary>Integrator steps in one policy step.</summary>
    public int StepsPerAction => _stepsPerAction;

    /// <summary>The task's functions for one block.</summary>
    public BlockTask BlockTask => _task;

    /// <summary>Reverse mode of one policy step of <paramref name="block"/>; only where <see cref="StepsPerAction"/> is 1.</summary>
    /// <param name="stateBefore">The block's state rows before the step.</param>
    /// <param name="action">The actions of the step, as executed.</param>
    /// <param name="block">Which block: its set-points are computed again.</param>
    /// <param name="stateGradient">In: by the state after the step. Out: by the state before it. One row per channel.</param>
    /// <param name="actionGradient">ActionLength rows, added to.</param>
    public void StepBack(Span<float> stateBefore, Span<float> action, int block, Span<float> stateGradient, Span<float> actionGradient)
    {
        Span<float> setpoints = _vehicles.Setpoints.Block(block);
        Span<float> setpointGradient = stackalloc float[QuadrotorParameters.RotorCount * Lanes];
        _task.ToCommand(action, setpoints);
        _vehicles.StepBack(stateBefore, setpoints, stateGradient, setpointGradient);
        _task.CommandBack(setpointGradient, actionGradient);
    }

    /// <summary>One policy step of every vehicle.</summary>
    public void Step()
    {
        for (int block = 0; block < Blocks; block++)
            StepBlock(block);
        if (Task.HistoryLength > 0)
            OldestAction = (OldestAction + 1) % Task.HistoryLength;
    }

    /// <summary>Writes the whole observation of <paramref name="vehicle"/> as a policy gets it: frame, then history, oldest first.</summary>
    public void ReadObservation(int vehicle, Span<float> observation)
    {
        for (int row = 0; row < Task.FrameLength; row++)
            observation[row] = Frames.Of(vehicle, row);
        int actions = Task.ActionLength;
        for (int i = 0; i < Task.HistoryLength; i++)
        {
            bool ofEpisode = Task.HistoryLength - i <= _ages[vehicle];
            int slot = (OldestAction + i) % Task.HistoryLength * actions;
            for (int k = 0; k < actions; k++)
                observation[Task.FrameLength + (i * actions) + k] = ofEpisode ? History.Of(vehicle, slot + k) : Task.Action.Initial[k];
        }
    }

    private void StepBlock(int block)
    {
        Span<float> state = State.Block(block);
        Span<float> action = Actions.Block(block);
        _task.ToCommand(action, _vehicles.Setpoints.Block(block));
        _task.Reward(state, action, Weights, Rewards.Block(block));
        action.CopyTo(History.Block(block)[(OldestAction * action.Length)..]);
        for (int i = 0; i < _stepsPerAction; i++)
            _vehicles.StepBlock(block);
        uint failed = _task.Failed(state);
        uint over = (Aged(block) | _task.Succeeded(state)) & ~failed;
        _failed[block] = (ushort)failed;
        _truncated[block] = (ushort)over;
        if ((failed | over) != 0)
            End(block, failed, over);
        Observe(block);
    }

    private void Observe(int block)
    {
        _noise.FillGaussian(_noiseRows);
        _task.ObserveFrame(State.Block(block), _noiseRows, Frames.Block(block));
    }

    // One step older; a bit for each vehicle that has reached the limit.
    private uint Aged(int block)
    {
        Span<int> ages = _ages.AsSpan(block * Lanes, Lanes);
        var limit = new Vector<int>(EpisodeSteps);
        bool any = false;
        for (int i = 0; i < Lanes; i += Vector<int>.Count)
        {
            Vector<int> age = new Vector<int>(ages[i..]) + Vector<int>.One;
            age.CopyTo(ages[i..]);
            any |= Vector.GreaterThanOrEqualAny(age, limit);
        }
        uint over = 0;
        for (int i = 0; any && i < Lanes; i++)
            over |= ages[i] >= EpisodeSteps ? 1u << i : 0;
        return over;
    }

    private void End(int block, uint failed, uint over)
    {
        Span<float> rewards = Rewards.Block(block);
        for (uint left = failed | over; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            bool hasFailed = (failed >> lane & 1) != 0;
            if (hasFailed)
                rewards[lane] = Task.Reward.TerminalReward;
            double distance = DistanceToTarget(State.Block(block), lane);
            _lastDistances[(block * Lanes) + lane] = (float)distance;
            Episodes.Add(_ages[(block * Lanes) + lane], hasFailed, distance);
        }
        Restart(block, failed | over);
    }

    private double DistanceToTarget(ReadOnlySpan<float> state, int lane)
    {
        double squares = 0;
        for (int i = 0; i < 3; i++)
        {
            double d = state[(Task.PositionIndices![i] * Lanes) + lane] - Task.TargetPosition[i];
            squares += d * d;
        }
        return Math.Sqrt(squares);
    }

    private void Restart(int block, uint lanes)
    {
        Span<float> state = State.Block(block);
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            Task.Resets.Sample(_resets, _start);
            Disturb();
            for (int row = 0; row < _start.Length; row++)
                state[(row * Lanes) + lane] = float.IsNaN(_start[row]) ? _defaults[row] : _start[row];
            _ages[(block * Lanes) + lane] = 0;
        }
    }

    // The simulated driver draws what the task leaves open.
    private void Disturb()
    {
        for (int i = 0; i < 6; i++)
        {
            ref float value = ref _start[QuadrotorChannels.DisturbanceStart + i];
            if (float.IsNaN(value))
                value = (float)((i < 3 ? _forceStdN : _torqueStdNM) * _resets.Gaussian());
        }
    }
}
