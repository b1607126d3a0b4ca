using System.Globalization;
using System.Text.Json;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Bench;

/// <summary>The control process of the swap benchmark: ticks at 1 kHz, takes verified policies from shared memory and acts with them.</summary>
/// <remarks>A loader thread prepares what the agent puts into the mailbox; the control thread only exchanges networks. Neither allocates.</remarks>
internal sealed class SwapControl
{
    /// <summary>Versions whose activation is noted, for each of the two widths.</summary>
    public const int MaxVersions = 4096;

    /// <summary>The counter that ends the run.</summary>
    public const uint LastCounter = MaxVersions - 1;

    private const long PeriodNs = 1_000_000; // 1 kHz
    private const long LoaderPeriodNs = 100_000; // a tenth of a tick: its part of the delay is 0.05 ms on average
    private const int Priority = 80; // as cyclictest in facts/dotnet section 4

    private readonly EdgeMemory _memory;
    private readonly FlyingPolicy _policy;
    private readonly long[] _activeNs = new long[2 * MaxVersions];
    private readonly float _unscaledSmall = SwapNetworks.Unscaled(SwapNetworks.Small);
    private readonly float _unscaledLarge = SwapNetworks.Unscaled(SwapNetworks.Large);
    private long _ticks;
    private long _missed;
    private long _torn;
    private long _allocated;
    private bool _isDone;

    private SwapControl(EdgeMemory memory)
    {
        _memory = memory;
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(SwapNetworks.Spec(SwapNetworks.Large)));
        _policy = new FlyingPolicy(slot, SwapNetworks.Observation, SwapNetworks.Action, WatchOptions.Training with { Rule = SwapRule.AnyStep, BlendSteps = 0 }, new SeededRandom(1));
    }

    /// <summary>Runs until the last version is active; prints one line of JSON.</summary>
    public static int Run(string name, int core)
    {
        using EdgeMemory memory = EdgeMemory.Open(name);
        var control = new SwapControl(memory);
        var loader = new Thread(control.Load) { IsBackground = true, Name = "loader" };
        loader.Start();
        IReadOnlyList<string> refusals = LinuxRealTime.MakeRealTime(Priority, core);
        Console.WriteLine("ready");
        control.Fly();
        loader.Join();
        control.Print(refusals.Count == 0);
        return ExitCode.Ok;
    }

    private void Load()
    {
        var image = new byte[EdgeMemory.MaxImageBytes];
        long due = MonotonicClock.Instance.NowNs;
        while (!Volatile.Read(ref _isDone))
        {
            int length = _memory.Policies.TryTake(image);
            if (length >= 0)
                _policy.Slot.TryOffer(image.AsSpan(0, length));
            due = Math.Max(due + LoaderPeriodNs, MonotonicClock.Instance.NowNs);
            LinuxRealTime.SleepUntil(due);
        }
    }

    private void Fly()
    {
        var pacer = new RealTimePacer(MonotonicClock.Instance, PeriodNs);
        Span<float> observation = stackalloc float[SwapNetworks.Observation];
        Span<float> action = stackalloc float[SwapNetworks.Action];
        observation.Fill(1);
        // Before the first policy nothing is counted: the first ticks compile.
        while (!_policy.IsReady)
            Tick(pacer, observation, action);
        (_ticks, _missed) = (0, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (_policy.Identity.Counter != LastCounter)
            Tick(pacer, observation, action);
        _allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Volatile.Write(ref _isDone, true);
    }

    private void Tick(RealTimePacer pacer, ReadOnlySpan<float> observation, Span<float> action)
    {
        _missed += pacer.WaitForNextTick();
        _policy.TurnStep(isAtBoundary: true);
        if (!_policy.Act(observation, action))
            return;
        PolicyIdentity identity = _policy.Identity;
        bool isSmall = identity.Epoch == SwapNetworks.Small;
        if (!SwapNetworks.IsWhole(action, isSmall ? _unscaledSmall : _unscaledLarge, identity.Counter))
            _torn++;
        ref long active = ref _activeNs[(isSmall ? 0 : MaxVersions) + identity.Counter];
        if (active == 0)
            active = MonotonicClock.Instance.NowNs;
        _policy.Report(isTrip: false, isIntervention: false);
        _ticks++;
    }

    private void Print(bool isRealTime)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("ticks", _ticks);
            json.WriteNumber("missed", _missed);
            json.WriteNumber("torn", _torn);
            json.WriteNumber("allocated", _allocated);
            json.WriteBoolean("real_time", isRealTime);
            json.WriteNumber("installed", _policy.Installed);
            json.WriteStartObject("active");
            for (int i = 0; i < _activeNs.Length; i++)
            {
                if (_activeNs[i] != 0)
                    json.WriteNumber(i.ToString(CultureInfo.InvariantCulture), _activeNs[i]);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Console.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
