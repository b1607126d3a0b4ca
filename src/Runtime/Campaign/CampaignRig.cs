using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>A simulated robot, its faults, its supervisor and a virtual clock: what every scenario flies.</summary>
/// <remarks>One thread. Between cases the robot is disarmed, put back and armed again by the supervisor's public acts, never by new objects.</remarks>
internal sealed class CampaignRig : IDisposable
{
    private static readonly FaultEvent s_gyroNoise = new(FaultKind.Noise, [10, 11, 12], 0, long.MaxValue, 1e-4, 1);
    private readonly float[] _reset;

    public CampaignRig(string yaml, ulong seed)
    {
        var document = ConfigDocument.Parse(yaml, "campaign robot");
        double rate = document.Root.Number("control_rate_hz");
        document.Root.String("robot");
        PeriodNs = (long)(1e9 / rate);
        Faults = new FaultyRobot(RobotDrivers.Create(document.Root, Clock, seed), new FaultScript([]), Clock, seed);
        SafetySettings settings = SafetySettings.Read(document.Root, Faults.StateChannels, Faults.CommandChannels);
        Baseline = new BreakableBaseline(BaselineControllers.Read(document.Root, Faults.StateChannels, Faults.CommandChannels, settings.Motion, 1 / rate));
        Supervisor = new SafetySupervisor(settings, Baseline, Faults.StateChannels, Faults.CommandChannels, 1 / rate);
        document.ThrowIfBad();
        Sample = new SensorSample(Faults.StateChannels);
        Proposal = new Proposal(Faults.CommandChannels.Count);
        Invariants = new InvariantCheck(Supervisor, Faults.CommandChannels, 1 / rate);
        _reset = new float[Faults.StateChannels.Count];
        WarmUp();
    }

    public ManualClock Clock { get; } = new(1_000_000_000);

    public long PeriodNs { get; }

    public FaultyRobot Faults { get; }

    public SafetySupervisor Supervisor { get; }

    public BreakableBaseline Baseline { get; }

    public SensorSample Sample { get; }

    public Proposal Proposal { get; }

    public InvariantCheck Invariants { get; }

    /// <summary>Command of the last tick, copied.</summary>
    public float[] Emitted { get; } = new float[4];

    /// <summary>Makes each period last as long as it says; null for the virtual clock.</summary>
    public CampaignPace? Pace { get; set; }

    public SafetyAction Action => Supervisor.Action;

    public long Now => Clock.NowNs;

    /// <summary>True state of channel <paramref name="i"/>, without faults.</summary>
    public float True(int i) => Faults.TrueSample.Values[i];

    /// <summary>A new case: no faults, power off, at rest at the origin unless <paramref name="place"/> says otherwise, then armed.</summary>
    public void Begin(Action<float[]>? place = null, bool arm = true)
    {
        Load();
        Baseline.Mode = BreakableBaseline.Break.None;
        Supervisor.ReleaseEmergencyStop();
        Supervisor.Disarm();
        Clock.Advance(5 * PeriodNs);
        Array.Fill(_reset, float.NaN);
        for (int i = 17; i < _reset.Length; i++)
            _reset[i] = 0; // no disturbance unless the case asks for one
        place?.Invoke(_reset);
        Faults.Reset(_reset);
        Supervisor.OnEpisodeReset();
        ProposeHover();
        Tick(fly: false);
        Faults.Reset(_reset);
        if (arm)
            Arm();
    }

    public void Arm()
    {
        if (!Supervisor.TryArm(out ArmingChecks missing))
            throw new InvalidOperationException($"the campaign's own robot does not arm: {missing}");
        Invariants.OnArmed();
    }

    /// <summary>Faults on top of the gyro's own noise, without which it would count as stuck.</summary>
    public void Load(params FaultEvent[] events) => Faults.Load(new FaultScript([s_gyroNoise, .. events]));

    /// <summary>One control period. The proposal is whatever <see cref="Proposal"/> holds; <paramref name="tamper"/> sees the sample before the supervisor.</summary>
    public SafetyAction Tick(Action<SensorSample>? tamper = null, bool fly = true)
    {
        Faults.Read(Sample);
        tamper?.Invoke(Sample);
        return Filter(fly);
    }

    /// <summary>Filters and writes without reading: the sample is as it was.</summary>
    public SafetyAction Filter(bool fly = true)
    {
        Pace?.WaitForDue(PeriodNs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Supervisor.Inspect(Sample, Clock.NowNs);
        SafeCommand command = Supervisor.Filter(Proposal, Sample, Clock.NowNs);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        command.Values.CopyTo(Emitted);
        Invariants.Check(command, allocated);
        if (fly)
            Faults.Write(command);
        Pace?.Done();
        Clock.Advance(PeriodNs);
        return command.Action;
    }

    public void ProposeHover() => Propose(CampaignRobots.Hover, CampaignRobots.Hover, CampaignRobots.Hover, CampaignRobots.Hover);

    public void Propose(float a, float b, float c, float d)
    {
        Span<float> v = Proposal.Values;
        (v[0], v[1], v[2], v[3]) = (a, b, c, d);
        Proposal.Length = 4;
        Proposal.Source = ActionSource.Policy;
        Proposal.DeadlineNs = long.MaxValue;
        Proposal.SampleTimeNs = Clock.NowNs;
    }

    /// <summary>Ticks until the action is at least <paramref name="least"/>; the number of ticks before that one, or -1.</summary>
    public int Until(SafetyAction least, int atMost, Action? propose = null)
    {
        for (int k = 0; k <= atMost; k++)
        {
            (propose ?? ProposeHover)();
            if (Tick() >= least)
                return k;
        }
        return -1;
    }

    public void Run(int ticks)
    {
        for (int k = 0; k < ticks; k++)
        {
            ProposeHover();
            Tick();
        }
    }

    // What compiles or initialises on first use does so here: I5 speaks of a loop that has started.
    private void WarmUp()
    {
        Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        for (int round = 0; round < 30; round++)
        {
            Begin();
            Run(3);
            Proposal.Values[0] = round % 2 == 0 ? float.NaN : 100;
            Tick(round % 3 == 0 ? static s => s.Values[0] = float.NaN : null);
            Supervisor.Report(SafetyCauses.Overrun);
            Tick();
            Supervisor.EmergencyStop();
            Tick();
        }
        Begin(arm: false);
        Invariants.ChecksAllocation = true;
    }

    public void Dispose() => Faults.Dispose();
}
