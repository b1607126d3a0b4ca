using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Td3;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Hover;

/// <summary>One hover training in one process: simulation, exploration and learner in turn, with a chosen age of the acting policy.</summary>
public sealed class HoverRun : IDisposable
{
    private readonly QuadrotorEnvironment _simulation;
    private readonly HoverPilot _pilot;
    private readonly SeededRandom _exploration;
    private readonly Networks.Mlp _arriving;
    private readonly float[] _frame;
    private readonly float[] _privileged;
    private readonly float[] _finalFrame;
    private readonly float[] _finalPrivileged;
    private bool _waiting;
    private long _flownUpdates = -1;

    /// <summary>A run on <paramref name="simulation"/>, with learner and exploration under <paramref name="seed"/>.</summary>
    public HoverRun(QuadrotorEnvironment simulation, Td3Options options, ulong seed, KernelChoice kernels = KernelChoice.Auto)
    {
        _simulation = simulation ?? throw new ArgumentNullException(nameof(simulation));
        RobotTask task = simulation.Task;
        Trainer = new Trainer(ReplayLayout.Of(task), options, new TaskRewardModel(task), seed, kernels);
        _pilot = new HoverPilot(Trainer.Learner.Published, task);
        _arriving = new Networks.Mlp(Trainer.Learner.Published.Shape, Trainer.Learner.Published.Kernels);
        _exploration = new SeededRandom(seed, "exploration");
        (_frame, _finalFrame) = (new float[task.FrameLength], new float[task.FrameLength]);
        (_privileged, _finalPrivileged) = (new float[task.PrivilegedLength], new float[task.PrivilegedLength]);
        Start();
    }

    /// <summary>The learner.</summary>
    public Trainer Trainer { get; }

    /// <summary>Environment steps between publications; the actor published is flown until the next arrives.</summary>
    public int PublishEvery { get; init; } = 1;

    /// <summary>True: a policy arrives one publication late, as on an edge that leads by that much.</summary>
    public bool LeadOfOneInterval { get; init; }

    /// <summary>True: a policy that arrived in flight is taken at the next episode's start only.</summary>
    public bool SwapAtEpisodeStart { get; init; }

    /// <summary>True: the policy flown is the published average; false: the newest actor.</summary>
    public bool ActWithAverage { get; init; } = true;

    /// <summary>Runs until <paramref name="steps"/> environment steps have been ingested.</summary>
    public void RunTo(long steps)
    {
        while (Trainer.IngestedSteps < steps)
        {
            EnvironmentStep();
            Trainer.Step();
            if (Trainer.IngestedSteps % PublishEvery == 0)
                Publish();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainer.Dispose();
        _pilot.Dispose();
        _arriving.Dispose();
    }

    private Networks.Mlp Flown => ActWithAverage ? Trainer.Learner.Published : Trainer.Learner.Actor;

    private void Publish()
    {
        if (LeadOfOneInterval && _waiting)
            _pilot.Take(_arriving);
        if (LeadOfOneInterval || SwapAtEpisodeStart)
            _arriving.CopyFrom(Flown);
        else
            TakeIfChanged();
        _waiting = true;
    }

    // Most steps train no actor: copying the same weights again would cost as much as flying with them.
    private void TakeIfChanged()
    {
        if (Trainer.Learner.ActorUpdates == _flownUpdates)
            return;
        _flownUpdates = Trainer.Learner.ActorUpdates;
        _pilot.Take(Flown);
    }

    private void Start()
    {
        _simulation.Reset();
        _pilot.Reset();
        _simulation.Observe(_frame);
        if (SwapAtEpisodeStart && _waiting)
            _pilot.Take(_arriving);
    }

    private void EnvironmentStep()
    {
        int episodeStep = _simulation.EpisodeStep;
        _simulation.ObservePrivileged(_privileged);
        Span<float> action = _pilot.Act(_frame);
        float sigma = (float)Trainer.Algorithm.ExplorationNoise;
        foreach (ref float a in action)
            a = Math.Clamp(a + (sigma * (float)_exploration.NextGaussian()), -1, 1);
        _simulation.Step(action);
        (bool terminated, bool truncated) = (_simulation.IsTerminated, _simulation.IsTruncated);
        _simulation.Observe(_finalFrame);
        if (terminated || truncated)
            _simulation.ObservePrivileged(_finalPrivileged);
        Trainer.Ingest(
            new EnvironmentStep
            {
                Frame = _frame,
                Privileged = _privileged,
                Action = action,
                EpisodeStep = episodeStep,
                Terminated = terminated,
                Truncated = truncated,
                FinalFrame = _finalFrame,
                FinalPrivileged = _finalPrivileged,
            }
        );
        _pilot.Executed(action);
        if (terminated || truncated)
            Start();
        else
            _finalFrame.CopyTo(_frame, 0);
    }
}
