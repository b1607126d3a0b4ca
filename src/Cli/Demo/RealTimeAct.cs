using System.Globalization;
using System.Text.Json;
using Robotics.Cli.Processes;
using Robotics.Core;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Demo;

/// <summary>Flies the last installed policy on the wall clock, control and agent as two processes, and kills the agent in flight.</summary>
internal sealed class RealTimeAct
{
    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly DemoOptions _options;
    private readonly AutoResetEvent _changed;
    private readonly string _name = $"demo-{Environment.ProcessId}";

    public RealTimeAct(string folder, DemoOptions options, AutoResetEvent changed)
    {
        _folder = folder;
        _options = options;
        _changed = changed;
    }

    private string Spool => Path.Combine(_folder, "spool-realtime");

    public RealTimeOutcome Fly()
    {
        try
        {
            return FlyWithMemory();
        }
        finally
        {
            EdgeMemory.Delete(_name);
        }
    }

    private RealTimeOutcome FlyWithMemory()
    {
        using EdgeMemory memory = EdgeMemory.Open(_name);
        RoboticsProcess agent = StartAgent();
        try
        {
            using RoboticsProcess control = StartControl();
            double third = _options.RealTimeSeconds / 3;
            AwaitTicks(control, agent, memory, third);
            long killedNs = MonotonicClock.Instance.NowNs;
            agent.Kill();
            agent.Dispose();
            AwaitTicks(control, null, memory, 2 * third);
            agent = StartAgent();
            if (!control.WaitForExit(s_startDeadline + TimeSpan.FromSeconds(_options.RealTimeSeconds)) || control.ExitCode != 0)
                throw new FailureException($"the control process did not end well: {control.Errors}");
            ControlResult result = ReadResult(control);
            double agentCpu = EndAgent(agent);
            IdentityCount count = IdentityCount.Of(Spool, Spool);
            return new RealTimeOutcome(
                MaxDistanceAfter(result, killedNs), result.Recorded - count.Recorded, result.MissedPeriods, result.CpuSeconds, agentCpu);
        }
        finally
        {
            agent.Dispose();
        }
    }

    private RoboticsProcess StartControl() => new(
        _changed,
        RealTimeRun.ControlEnvironment,
        ["control", _options.Run, "--memory", _name, "--seconds", _options.RealTimeSeconds.ToString(CultureInfo.InvariantCulture), "--hover", "--seed", $"{_options.Seed}", "--json", .. Overrides()]);

    private RoboticsProcess StartAgent() => new(
        _changed, null,
        ["agent", _options.Run, "--memory", _name, "--folder", _folder, "--spool", Spool, "--offline", "--seed", $"{_options.Seed}", .. Overrides()]);

    private double EndAgent(RoboticsProcess agent)
    {
        agent.Terminate();
        if (!agent.WaitForExit(s_startDeadline) || agent.ExitCode != 0)
            throw new FailureException($"the agent did not end well: {agent.Errors}");
        return agent.TryReadLine(out string line) && double.TryParse(line, CultureInfo.InvariantCulture, out double cpu) ? cpu : 0;
    }

    // The control process is watched through its status in shared memory; nobody sleeps.
    private void AwaitTicks(RoboticsProcess control, RoboticsProcess? agent, EdgeMemory memory, double seconds)
    {
        ControlStatus status = default;
        long deadline = MonotonicClock.Instance.NowNs + (long)((s_startDeadline.TotalSeconds + seconds) * 1e9);
        while (status.FlownNs < seconds * 1e9)
        {
            ControlStatus.TryTakeFrom(memory.Status, ref status);
            if (control.HasExited)
                throw new FailureException($"the control process ended early with exit code {control.ExitCode}: {control.Errors}");
            if (agent is { HasExited: true })
                throw new FailureException($"the agent ended early with exit code {agent.ExitCode}: {agent.Errors}");
            if (MonotonicClock.Instance.NowNs > deadline)
                throw new FailureException($"the control process did not fly within {s_startDeadline.TotalSeconds} s: {control.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(20));
        }
    }

    private static ControlResult ReadResult(RoboticsProcess control)
    {
        while (control.TryReadLine(out string line))
        {
            if (line.StartsWith('{'))
                return JsonSerializer.Deserialize<ControlResult>(line)!;
        }
        throw new FailureException($"the control process printed no result: {control.Errors}");
    }

    private static double MaxDistanceAfter(ControlResult result, long sinceNs)
    {
        double max = 0;
        for (int i = 0; i < result.DistanceM.Count; i++)
        {
            if (result.FirstTickNs + (i * result.PeriodNs) >= sinceNs)
                max = Math.Max(max, result.DistanceM[i]);
        }
        return max;
    }

    private IEnumerable<string> Overrides() => _options.Set.SelectMany(s => new[] { "--set", s });
}
