using System.Text.Json;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Bench;

/// <summary>The control process of the swap benchmark: ticks at 1 kHz, takes verified policies from shared memory and acts with them.</summary>
/// <remarks>The same loader and slot as in flight: a thread beside the loop lays out what the agent puts into the mailbox, the control thread
/// only exchanges networks. Neither allocates.</remarks>
internal sealed class SwapControl
{
    /// <summary>Versions whose activation is noted, for each of the two widths.</summary>
    public const int MaxVersions = 4096;

    /// <summary>The counter that ends the run.</summary>
    public const uint LastCounter = MaxVersions - 1;

    private const long PeriodNs = 1_000_000; // 1 kHz
    private const int Priority = 80; // as cyclictest in facts/dotnet section 4
    private const int MostMisses = 16_384; // far more than a run can have and still mean anything

    private readonly FlyingPolicy _policy;
    private readonly long[] _activeNs = new long[2 * MaxVersions];
    private readonly long[] _missedNs = new long[MostMisses];
    private readonly long[] _overranNs = new long[MostMisses];
    private readonly float _unscaledSmall = SwapNetworks.Unscaled(SwapNetworks.Small);
    private readonly float _unscaledLarge = SwapNetworks.Unscaled(SwapNetworks.Large);
    private readonly ThreadCpuClock _cpu = ThreadCpuClock.Instance;
    private int _misses;
    private int _overruns;
    private ThreadUsage _usage;
    private long _tookNs;
    private int _overrunSwapTicks;
    private long _ticks;
    private long _torn;
    private long _allocated;
    private long _longestSwapTickNs;
    private long _longestTickNs;

    private SwapControl(PolicySlot slot) =>
        _policy = new FlyingPolicy(slot, SwapNetworks.Observation, SwapNetworks.Action, WatchOptions.Training with { Rule = SwapRule.AnyStep, BlendSteps = 0 }, new SeededRandom(1));

    /// <summary>Runs until the last version is active; prints one line of JSON.</summary>
    public static int Run(string name, int core)
    {
        using EdgeMemory memory = EdgeMemory.Open(name);
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(SwapNetworks.Spec(SwapNetworks.Large)));
        var control = new SwapControl(slot);
        using var loader = new PolicyLoader(memory.Policies, slot);
        loader.Start();
        using CpuLatencyRequest? awake = CpuLatencyRequest.TryHold(out _);
        IReadOnlyList<string> refusals = LinuxRealTime.MakeRealTime(Priority, core);
        Console.WriteLine("ready");
        control.Fly();
        control.Print(refusals.Count == 0);
        return ExitCode.Ok;
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
        (_ticks, _misses, _overruns, _overrunSwapTicks, _longestTickNs, _longestSwapTickNs) = (0, 0, 0, 0, 0, 0);
        ThreadUsage usage = ThreadUsage.Now;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (_policy.Identity.Counter != LastCounter)
            Tick(pacer, observation, action);
        _allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _usage = ThreadUsage.Now - usage;
    }

    private void Tick(RealTimePacer pacer, ReadOnlySpan<float> observation, Span<float> action)
    {
        int missed = pacer.WaitForNextTick();
        for (int i = 0; i < missed && _misses < MostMisses; i++)
            NoteMiss();
        long began = _cpu.NowNs, beganNs = MonotonicClock.Instance.NowNs;
        bool isSwap = _policy.TurnStep(isAtBoundary: true);
        if (!_policy.Act(observation, action))
            return;
        Note(action);
        _policy.Report(isTrip: false, isIntervention: false);
        ref long longest = ref isSwap ? ref _longestSwapTickNs : ref _longestTickNs;
        longest = Math.Max(longest, _cpu.NowNs - began);
        _tookNs = MonotonicClock.Instance.NowNs - beganNs;
        _overrunSwapTicks += isSwap && _tookNs > PeriodNs ? 1 : 0;
        _ticks++;
    }

    // Either the tick before woke late, which is the machine's doing, or it took most of a period from wake to end, which may be ours.
    private void NoteMiss()
    {
        long now = MonotonicClock.Instance.NowNs;
        _missedNs[_misses++] = now;
        if (_tookNs > PeriodNs / 2)
            _overranNs[_overruns++] = now;
    }

    private void Note(ReadOnlySpan<float> action)
    {
        PolicyIdentity identity = _policy.Identity;
        bool isSmall = identity.Epoch == SwapNetworks.Small;
        if (!SwapNetworks.IsWhole(action, isSmall ? _unscaledSmall : _unscaledLarge, identity.Counter))
            _torn++;
        ref long active = ref _activeNs[(isSmall ? 0 : MaxVersions) + identity.Counter];
        if (active == 0)
            active = MonotonicClock.Instance.NowNs;
    }

    private void Print(bool isRealTime) =>
        Console.WriteLine(JsonSerializer.Serialize(new SwapControlResult
        {
            Ticks = _ticks,
            Torn = _torn,
            Allocated = _allocated,
            IsRealTime = isRealTime,
            LongestSwapTickNs = _longestSwapTickNs,
            LongestTickNs = _longestTickNs,
            OverrunSwapTicks = _overrunSwapTicks,
            PageFaults = _usage.PageFaults,
            Preemptions = _usage.Preemptions,
            MissedNs = _missedNs[.._misses],
            OverranNs = _overranNs[.._overruns],
            ActiveNs = _activeNs,
        }));
}
