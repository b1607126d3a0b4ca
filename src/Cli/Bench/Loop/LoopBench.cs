using System.Globalization;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Bench;

/// <summary>`robotics bench loop`: the control process beside a C loop and cyclictest, block by block in turn, while the agent makes garbage and a learner trains.</summary>
internal sealed class LoopBench : IDisposable
{
    private const int Priority = 80; // the control process's, see ControlProcess
    private const int BlockSeconds = 10;
    private const string Run = "runs/hover.yaml";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly int _rateHz;
    private readonly int _seconds;
    private readonly string _memory = $"loop-{Environment.ProcessId}";
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _run = Installation.PathOf(Run);

    public LoopBench(string folder, int rateHz, int seconds)
    {
        _folder = folder;
        _rateHz = rateHz;
        _seconds = seconds;
    }

    private int Core => Environment.ProcessorCount - 1;

    public LoopBenchResult Measure()
    {
        RestingPolicy.Install(RunDescription.Load(_run), _folder);
        string loop = CLoop.Compile(_folder);
        int blocks = Math.Max(1, _seconds / BlockSeconds);
        var ours = new List<ControlResult>();
        var theirs = new List<PeerBlock>();
        var cyclic = new List<PeerBlock>();
        bool hasCyclic = CyclicTest.IsInstalled;
        if (!hasCyclic)
            Console.Error.WriteLine("robotics bench loop: cyclictest is not installed, its blocks are left out (Debian: apt-get install rt-tests)");
        // The request is the whole machine's: held here, it holds in every block, ours and theirs.
        using CpuLatencyRequest? awake = CpuLatencyRequest.TryHold(out string? asleep);
        if (asleep is not null)
            Console.Error.WriteLine($"robotics bench loop: {asleep}");
        int length = Math.Min(BlockSeconds, _seconds);
        using RoboticsProcess agent = Part("agent"), learner = Part("learner");
        for (int i = 0; i < blocks; i++)
        {
            ours.Add(Block(length));
            theirs.Add(CLoop.Block(loop, _rateHz, length, Priority, Core));
            if (hasCyclic)
                cyclic.Add(CyclicTest.Block(_rateHz, length, Priority, Core));
        }
        return Compose(ours, theirs, cyclic, End(agent), End(learner)) with { CpuKeptAwake = awake is not null };
    }

    public void Dispose()
    {
        _changed.Dispose();
        EdgeMemory.Delete(_memory);
    }

    private RoboticsProcess Part(string part) => new(_changed, null, ["bench", "loop-part", part, _run, _folder, _memory]);

    private ControlResult Block(int seconds)
    {
        using var control = new RoboticsProcess(
            _changed, RealTimeRun.ControlEnvironment,
            ["control", _run, "--memory", _memory, "--folder", _folder, "--hover", "--timings", "--json", "--seconds", $"{seconds}",
                "--set-robot", $"control_rate_hz={_rateHz}", "--set-robot", $"driver.integrator_rate_hz={_rateHz}"]);
        if (!control.WaitForExit(s_patience + TimeSpan.FromSeconds(seconds)) || control.ExitCode != 0)
            throw new FailureException($"the control process did not end well: {control.Errors}");
        while (control.TryReadLine(out string line))
        {
            if (line.StartsWith('{'))
                return JsonSerializer.Deserialize<ControlResult>(line)!;
        }
        throw new FailureException($"the control process printed no result: {control.Errors}");
    }

    private static double[] End(RoboticsProcess part)
    {
        part.Terminate();
        if (!part.WaitForExit(s_patience) || part.ExitCode != 0)
            throw new FailureException($"a part of the load did not end well: {part.Errors}");
        string last = "";
        while (part.TryReadLine(out string line))
            last = line;
        return [.. last.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
    }

    private LoopBenchResult Compose(List<ControlResult> ours, List<PeerBlock> theirs, List<PeerBlock> cyclic, double[] garbage, double[] updates)
    {
        TimingsResult[] timings = [.. ours.Select(b => b.Timings!)];
        double[] p999 = [.. timings.Select(t => t.WakeUp.P999Us)];
        PeerFigures c = PeerFigures.Of(theirs, p999);
        return new LoopBenchResult
        {
            RateHz = _rateHz,
            Seconds = _seconds,
            AllocatedBytes = ours.Sum(b => b.AllocatedBytes),
            ProcessAllocatedBytes = ours.Sum(b => b.ProcessAllocatedBytes),
            Collections = ours.Sum(b => b.Collections),
            P50Us = PeerFigures.Median(timings.Select(t => t.WakeUp.P50Us)),
            P99Us = PeerFigures.Median(timings.Select(t => t.WakeUp.P99Us)),
            P999Us = PeerFigures.Median(p999),
            MaxUs = timings.Max(t => t.WakeUp.MaxUs),
            P999RatioToC = PeerFigures.Median(c.P999Ratios),
            Misses = ours.Sum(b => b.MissedPeriods),
            CMisses = theirs.Sum(b => b.Misses),
            C = c,
            CyclicTest = cyclic.Count > 0 ? PeerFigures.Of(cyclic, p999) : null,
            StageP999Us = timings[0].Stages.Keys.ToDictionary(s => s, s => PeerFigures.Median(timings.Select(t => t.Stages[s].P999Us)), StringComparer.Ordinal),
            TickP999Us = PeerFigures.Median(timings.Select(t => t.Tick.P999Us)),
            LastBlock = timings[^1],
            GarbageMbPerS = garbage[0],
            GarbageLiveMb = garbage[1],
            AgentCollections = (int)garbage[2],
            LearnerUpdatesPerS = updates[0],
            Degraded = ours[0].Degraded,
        };
    }
}
