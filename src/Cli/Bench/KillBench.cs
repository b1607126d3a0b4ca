using System.Net;
using System.Net.Sockets;
using Robotics.Cli.Demo;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>`bench kill`: control, agent and learner as processes over TCP with CURVE and a faulty link; SIGKILL at random moments; then every identity is counted.</summary>
internal sealed class KillBench(string folder, int rounds, ulong seed) : IDisposable
{
    private const ulong Robot = 1;
    private const long PatienceNs = 30_000_000_000;
    private static readonly string[] Victims = ["agent", "learner", "both", "control", "slow disk", "full disk"];

    private readonly SeededRandom _random = new(seed, "victims");
    private readonly AutoResetEvent _changed = new(false);
    private readonly List<double> _resumeMs = [];
    private readonly string _endpoint = $"tcp://127.0.0.1:{FreePort()}";
    private RoboticsProcess? _control, _agent, _learner;
    private readonly SortedDictionary<string, int> _rounds = new(StringComparer.Ordinal);
    private ulong _boot;
    private ulong _starts;

    /// <summary>Runs all rounds and counts.</summary>
    public KillBenchResult Run()
    {
        LinkKeys.Create(Path.Combine(folder, "keys"), Robot);
        using var memory = new KillBenchMemory(folder);
        using var disk = new SmallDisk(Path.Combine(folder, "spool"));
        int unrecovered = 0;
        try
        {
            StartLearner();
            StartAgent();
            StartControl();
            WaitFor(() => memory.Acknowledgements > 0);
            for (int round = 0; round < rounds; round++)
            {
                string victim = Victims[_random.NextInt(disk.IsMounted ? Victims.Length : Victims.Length - 1)];
                unrecovered += Round(memory, disk, victim) ? 0 : 1;
                _rounds[victim] = _rounds.GetValueOrDefault(victim) + 1;
            }
            _control!.Kill();
            memory.IsDrained = false;
            if (!WaitFor(() => memory.IsDrained))
                unrecovered++;
        }
        finally
        {
            foreach (RoboticsProcess? process in new[] { _control, _agent, _learner })
                process?.Dispose();
        }
        return Count(memory, unrecovered);
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();

    private bool Round(KillBenchMemory memory, SmallDisk disk, string victim)
    {
        Pause(20 + _random.NextInt(200));
        if (victim is "slow disk")
        {
            memory.SlowDiskMs = 50 + _random.NextInt(250);
            Pause(200 + _random.NextInt(400));
            victim = "both"; // in the middle of a wait for the disk
        }
        if (victim is "full disk")
        {
            disk.Fill();
            Pause(200 + _random.NextInt(400));
            victim = _random.NextInt(2) == 0 ? "agent" : "none";
        }
        long start = MonotonicClock.Instance.NowNs;
        if (victim is "agent" or "both")
            _agent!.Kill();
        if (victim is "learner" or "both")
            _learner!.Kill();
        if (victim is "control")
            _control!.Kill();
        memory.SlowDiskMs = 0;
        disk.Empty();
        long before = memory.Acknowledgements;
        if (victim is "agent" or "both")
            StartAgent();
        if (victim is "learner" or "both")
            StartLearner();
        if (victim is "control")
            StartControl();
        bool resumed = WaitFor(() => memory.Acknowledgements > before);
        _resumeMs.Add((MonotonicClock.Instance.NowNs - start) * 1e-6);
        return resumed;
    }

    private KillBenchResult Count(KillBenchMemory memory, int unrecovered)
    {
        var recorded = new HashSet<TransitionIdentity>();
        for (ulong boot = 1; boot <= _boot; boot++)
        {
            for (ulong sequence = 1; sequence <= memory.RecordedOf(boot); sequence++)
                recorded.Add(new TransitionIdentity(Robot, boot, sequence));
        }
        recorded.UnionWith(IdentitiesOf(Path.Combine(folder, "spool")));
        List<TransitionIdentity> stored = IdentitiesOf(Path.Combine(folder, "store"));
        var distinct = new HashSet<TransitionIdentity>(stored);
        _resumeMs.Sort();
        return new KillBenchResult(
            rounds, recorded.Count, distinct.Count, recorded.Count(i => !distinct.Contains(i)), stored.Count - distinct.Count, unrecovered,
            Math.Round(Percentile(0.5), 1), Math.Round(Percentile(0.99), 1), _rounds);
    }

    private static List<TransitionIdentity> IdentitiesOf(string root)
    {
        var found = new List<TransitionIdentity>();
        foreach (SpoolStream stream in SpoolStream.List(root))
        {
            if (!stream.HasSegments(root))
                continue;
            using SpoolReader reader = SpoolReader.Open(root, stream, SpoolVerifier.SchemaOf(root, stream));
            while (reader.TryRead(out _, out TransitionHeader header))
                found.Add(header.Identity);
        }
        return found;
    }

    private double Percentile(double share) => _resumeMs.Count == 0 ? 0 : _resumeMs[(int)(share * (_resumeMs.Count - 1))];

    private void StartControl()
    {
        _control?.Dispose();
        if (++_boot > (ulong)KillBenchMemory.MaxBoots)
            throw new FailureException($"more than {KillBenchMemory.MaxBoots} starts of the control process: ask for fewer rounds", ExitCode.Usage);
        _control = Start("control", $"{_boot}");
    }

    private void StartAgent()
    {
        _agent?.Dispose();
        _agent = Start("agent", _endpoint);
    }

    private void StartLearner()
    {
        _learner?.Dispose();
        _learner = Start("learner", _endpoint);
    }

    private RoboticsProcess Start(string part, string argument) =>
        new(_changed, null, "bench", "kill-part", part, folder, argument, $"{seed + ++_starts}");

    private bool WaitFor(Func<bool> condition)
    {
        long start = MonotonicClock.Instance.NowNs;
        while (!condition())
        {
            if (MonotonicClock.Instance.NowNs - start > PatienceNs)
                return false;
            Pause(1);
        }
        return true;
    }

    // A benchmark of crashes needs moments, not conditions: nobody sets this event but an exiting process.
    private void Pause(int milliseconds) => _changed.WaitOne(milliseconds);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
