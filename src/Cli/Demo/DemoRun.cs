using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Composition;
using Robotics.Transport;

namespace Robotics.Cli.Demo;

/// <summary>The demo, act by act: edge and learner as processes over ZeroMQ; then the flight in which the agent is killed.</summary>
internal sealed class DemoRun : IDisposable
{
    // A quick run takes seconds and a whole one two minutes on two cores; whoever hangs longer is reported, not waited for.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(30);

    private readonly DemoOptions _options;
    private readonly IDemoDisplay _display;
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _folder;
    private readonly string _endpoint = $"tcp://127.0.0.1:{FreePort()}";
    private readonly long _startedNs = MonotonicClock.Instance.NowNs;
    private readonly Dictionary<string, double> _cpuSeconds = new(StringComparer.Ordinal);
    private readonly int _maxEpisodeLength;
    private EdgeProgress _edge = new();
    private LearnerProgress _learner = new();
    private double _cpuOfKilledLearner;

    public DemoRun(DemoOptions options, IDemoDisplay display)
    {
        _options = options;
        _display = display;
        _folder = Path.GetFullPath(options.Out ?? Directory.CreateTempSubdirectory("robotics-demo-").FullName);
        Directory.CreateDirectory(_folder);
        using RobotRig robot = RobotRig.Load(RunDescription.Load(options.Run, options.Set), new ManualClock(1), attach: false);
        LinkKeys.Create(Path.Combine(_folder, "keys"), robot.RobotId);
        _maxEpisodeLength = robot.Task.MaxEpisodeSteps;
    }

    public DemoResult Run()
    {
        _display.Say($"act 1: learn from zero, seed {_options.Seed}, {_options.Steps:N0} steps; edge and learner over {_endpoint} with CURVE");
        Learn();
        _display.Say($"act 2: {_options.RealTimeSeconds:F0} seconds on the wall clock; the agent is killed in flight and started again");
        RealTimeAct act = new(_folder, _options, _changed);
        RealTimeOutcome flight = act.Fly();
        _cpuSeconds["control"] = flight.ControlCpuSeconds;
        _cpuSeconds["agent"] = flight.AgentCpuSeconds;
        using Process self = Process.GetCurrentProcess();
        _cpuSeconds["demo"] = self.TotalProcessorTime.TotalSeconds;
        IdentityCount count = IdentityCount.Of(Path.Combine(_folder, "spool"), Path.Combine(_folder, "store"));
        return new DemoResult
        {
            MaxEpisodeLength = _maxEpisodeLength,
            MeanEpisodeLength = _edge.EvaluationMeanLength,
            SettledShare = _edge.EvaluationSettledShare,
            SuccessShare = _edge.EvaluationSuccessShare,
            PoliciesInstalled = _edge.PoliciesInstalled,
            TransitionsRecorded = count.Recorded,
            TransitionsInReplay = _learner.InReplay,
            Lost = count.Lost + _edge.Dropped,
            Duplicated = count.Duplicated,
            SafetyInterventions = _edge.SafetyInterventions,
            AgentKillMaxPositionErrorM = flight.MaxPositionErrorM,
            AgentKillLost = flight.Lost,
            LearnerEpoch = _learner.Epoch,
            WallSeconds = (MonotonicClock.Instance.NowNs - _startedNs) / 1e9,
            CpuSeconds = _cpuSeconds,
            Seed = _options.Seed,
        };
    }

    public void Dispose()
    {
        _changed.Dispose();
        if (_options.Out is null)
            Directory.Delete(_folder, recursive: true);
    }

    private void Learn()
    {
        RoboticsProcess learner = StartLearner();
        try
        {
            using var edge = new RoboticsProcess(_changed, null, [
                "run", _options.Run, "--lockstep", "--endpoint", _endpoint, "--folder", _folder, "--steps", $"{_options.Steps}",
                "--seed", $"{_options.Seed}", "--evaluate", "--progress", .. Overrides(),
            ]);
            bool killed = _options.KillLearnerAt == 0;
            while (!edge.HasExited)
            {
                Drain(edge, learner);
                if (learner.HasExited)
                    throw new FailureException($"the learner ended early with exit code {learner.ExitCode}: {learner.Errors}");
                if (!killed && _learner.InReplay >= _options.KillLearnerAt)
                {
                    learner = KillAndRestart(learner);
                    killed = true;
                }
                if (!_changed.WaitOne(TimeSpan.FromSeconds(5)) && MonotonicClock.Instance.NowNs - _startedNs > s_deadline.TotalSeconds * 1e9)
                    throw new FailureException($"no end after {s_deadline.TotalMinutes} minutes; last: {_edge}, {_learner}");
            }
            edge.WaitForExit(TimeSpan.FromSeconds(10));
            Drain(edge, learner);
            if (edge.ExitCode != 0)
                throw new FailureException($"the edge ended with exit code {edge.ExitCode}: {edge.Errors}", edge.ExitCode);
            Finish(learner);
            Drain(edge, learner);
            _cpuSeconds["edge"] = _edge.CpuSeconds;
            _cpuSeconds["learner"] = _learner.CpuSeconds + _cpuOfKilledLearner;
        }
        finally
        {
            learner.Dispose();
        }
    }

    private RoboticsProcess StartLearner() => new(_changed, null, [
        "learn", _options.Run, "--endpoint", _endpoint, "--folder", _folder, "--steps", $"{_options.Steps}", "--seed", $"{_options.Seed}",
        "--progress", .. Overrides(),
    ]);

    private RoboticsProcess KillAndRestart(RoboticsProcess learner)
    {
        _display.Say($"  learner killed (SIGKILL) at {_learner.InReplay:N0} steps and started again");
        _cpuOfKilledLearner += _learner.CpuSeconds;
        learner.Kill();
        learner.Dispose();
        return StartLearner();
    }

    private static void Finish(RoboticsProcess learner)
    {
        learner.Terminate();
        if (!learner.WaitForExit(TimeSpan.FromSeconds(60)))
            throw new FailureException($"the learner did not end within 60 s of SIGTERM: {learner.Errors}");
        if (learner.ExitCode != 0)
            throw new FailureException($"the learner ended with exit code {learner.ExitCode}: {learner.Errors}");
    }

    private void Drain(RoboticsProcess edge, RoboticsProcess learner)
    {
        while (edge.TryReadLine(out string line))
            _edge = JsonSerializer.Deserialize<EdgeProgress>(line) ?? _edge;
        while (learner.TryReadLine(out string line))
            _learner = JsonSerializer.Deserialize<LearnerProgress>(line) ?? _learner;
        _display.Show(_edge, _learner, _options.Steps);
    }

    private IEnumerable<string> Overrides() => _options.Set.SelectMany(s => new[] { "--set", s });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
