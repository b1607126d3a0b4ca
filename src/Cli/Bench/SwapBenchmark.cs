using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>Policies from a learner over TCP to a control process that ticks at 1 kHz: <c>robotics bench swap</c>.</summary>
/// <remarks>
/// <para>Learner thread and agent in this process, control in another, joined as in a deployment: link, download, bundle checks, gate `training`,
/// shared memory, loader, slot. Nothing is written to disk between publish and tick (fsync of the store is counted apart), no shadow, no canary.</para>
/// <para>The small swaps come in batches; between two batches the same versions are made, published, downloaded and checked but not given to
/// control: what that second half misses, the machine misses by itself.</para>
/// </remarks>
internal sealed class SwapBenchmark : IDisposable
{
    private const int Batch = 100;
    private const long SwapIntervalNs = 10_000_000;
    private const long LargeIntervalNs = 40_000_000;
    private const long AgeIntervalNs = 50_000_000; // 20 versions per second
    private const long ApplyNs = 250_000_000; // the slow edge that the peer was measured with
    private const long DeadlineNs = 120_000_000_000;
    private const uint WithheldEpoch = 1; // below both widths, so that the next version of either is newer

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"bench-swap-{Environment.ProcessId}");
    private readonly string _folder = Directory.CreateTempSubdirectory("robotics-bench-").FullName;
    private readonly EdgeMemory _memory;
    private readonly SwapLearner _learner;
    private readonly SpoolWriter _spool;
    private readonly ZmqEdgeChannel _channel;
    private readonly EdgeLink _edge;
    private readonly PolicyGate _gate;
    private readonly SwapTimes _times = new();
    private PolicyIdentity _arrived;
    private PolicyIdentity _installed;

    public SwapBenchmark()
    {
        _memory = EdgeMemory.Open(_name);
        _learner = new SwapLearner(Path.Combine(_folder, "store"));
        var schema = new TransitionSchema("bench", SwapNetworks.Schema, 18, 28, SwapNetworks.Action, 32);
        _spool = SpoolWriter.Open(Path.Combine(_folder, "spool"), new SpoolStream(1, 1), schema, new SpoolOptions());
        _channel = new ZmqEdgeChannel(_learner.Endpoint, null, null);
        _edge = new EdgeLink(_spool, _channel);
        _gate = new PolicyGate(
            new PolicyExpectations
            {
                SchemaHash = SwapNetworks.Schema,
                ObservationLength = SwapNetworks.Observation,
                ActionLength = SwapNetworks.Action,
                PolicyRateHz = SwapNetworks.RateHz,
                InferenceBudgetNs = 1_000_000,
            },
            ThreadCpuClock.Instance
        );
    }

    /// <summary>Runs all three phases.</summary>
    public SwapFigures Run(int swaps, int largeSwaps, int agedVersions)
    {
        using Process control = StartControl();
        if (!string.Equals(control.StandardOutput.ReadLine(), "ready", StringComparison.Ordinal))
            throw new FailureException("bench swap: the control process did not start");
        try
        {
            OneByOne(SwapNetworks.Small, 1, 1, SwapIntervalNs);
            for (int done = 0; done < swaps; done += Batch)
            {
                int batch = Math.Min(Batch, swaps - done);
                _times.Swapping.Measure(() => OneByOne(SwapNetworks.Small, (uint)done + 2, batch, SwapIntervalNs));
                _times.Withheld.Measure(() => OneByOne(SwapNetworks.Small, (uint)done + 1, batch, SwapIntervalNs, isWithheld: true));
            }
            int bundleBytes = OneByOne(SwapNetworks.Large, 1, largeSwaps, LargeIntervalNs);
            double age = MeasureAge((uint)largeSwaps + 1, agedVersions);
            Deliver([SwapNetworks.Bundle(SwapNetworks.Large, SwapControl.LastCounter)], LargeIntervalNs);
            string line = control.StandardOutput.ReadLine()
                ?? throw new FailureException("bench swap: the control process ended early");
            control.WaitForExit();
            return _times.Figures(JsonSerializer.Deserialize<SwapControlResult>(line)!, swaps, largeSwaps) with
            {
                MaxAppliedAgeMs = age,
                ApplyMs = ApplyNs / 1e6,
                BundleBytes = bundleBytes,
            };
        }
        finally
        {
            if (!control.HasExited)
                control.Kill();
        }
    }

    public void Dispose()
    {
        _edge.Dispose();
        _channel.Dispose();
        _spool.Dispose();
        _learner.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        Directory.Delete(_folder, recursive: true);
    }

    private Process StartControl()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "robotics.dll"), "bench", "swap", "--control", _name])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredCompilation"] = "0"; // a thread at real-time priority must not wait for better code
        return Process.Start(start)!;
    }

    /// <summary>Each version is published after the one before was handed to the control process; returns a bundle's size.</summary>
    private int OneByOne(int hidden, uint first, int count, long intervalNs, bool isWithheld = false)
    {
        int length = 0;
        for (uint counter = first; counter < first + count; counter++)
        {
            PolicyBundle version = SwapNetworks.Bundle(hidden, counter, isWithheld ? WithheldEpoch : (uint)hidden);
            length = version.Bytes.Length;
            Deliver([version], intervalNs);
        }
        return length;
    }

    private double MeasureAge(uint firstCounter, int count)
    {
        double worst = 0;
        PolicyBundle[] versions = [.. Enumerable.Range(0, count).Select(i => SwapNetworks.Bundle(SwapNetworks.Large, firstCounter + (uint)i))];
        Deliver(versions, AgeIntervalNs, ApplyNs, age => worst = Math.Max(worst, age));
        return worst;
    }

    /// <summary>Publishes versions at an interval and applies what arrives, until the last one is applied.</summary>
    private void Deliver(PolicyBundle[] versions, long intervalNs, long applyNs = 0, Action<double>? aged = null)
    {
        long begin = MonotonicClock.Instance.NowNs + intervalNs;
        for (int i = 0; i < versions.Length; i++)
        {
            PolicyIdentity identity = versions[i].Identity;
            _learner.PublishAt(begin + (i * intervalNs), versions[i], t => _times.Publish(identity, t));
        }
        while (_arrived != versions[^1].Identity)
        {
            _channel.Wait(1);
            _edge.Pump(MonotonicClock.Instance.NowNs);
            if (_edge.TryTakePolicy(out ReadOnlyMemory<byte> bundle, out PolicyIdentity identity))
                Apply(bundle, identity, applyNs, aged);
            if (MonotonicClock.Instance.NowNs > begin + DeadlineNs)
                throw new FailureException($"bench swap: version {versions[^1].Identity} did not arrive within 120 s ({_edge.Trouble})");
        }
    }

    private void Apply(ReadOnlyMemory<byte> bytes, PolicyIdentity identity, long applyNs, Action<double>? aged)
    {
        SwapStages stages = _times.Arrived(identity);
        aged?.Invoke((stages.DownloadedNs - stages.PublishedNs) / 1e6);
        if (!PolicyBundle.TryAdopt(bytes, _edge.PolicyHashes, out PolicyBundle? bundle, out BundleRefusal refusal))
            throw new FailureException(refusal.ToString(), ExitCode.Incompatible);
        stages.ReadNs = MonotonicClock.Instance.NowNs;
        bool isWithheld = identity.Epoch == WithheldEpoch;
        if (!_gate.Check(bundle!, isWithheld ? PolicyIdentity.None : _installed, out refusal))
            throw new FailureException(refusal.ToString(), ExitCode.Incompatible);
        stages.CheckedNs = MonotonicClock.Instance.NowNs;
        LinuxRealTime.SleepUntil(stages.DownloadedNs + applyNs);
        if (!isWithheld && !_memory.Policies.TryPut(bundle!.ImageLength, bundle, static (place, from) => from.WriteImage(place, isOrdered: false)))
            throw new FailureException($"the image of {identity} is larger than the mailbox");
        if (!isWithheld)
        {
            _memory.Policies.Ring();
            _installed = identity;
            _edge.Installed = identity;
        }
        stages.PutNs = MonotonicClock.Instance.NowNs;
        _arrived = identity;
    }
}
