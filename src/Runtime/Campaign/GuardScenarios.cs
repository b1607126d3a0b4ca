using Robotics.Configuration;
using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>R13 to R16 and R26: leases, watchdogs, devices, overrun.</summary>
internal static class GuardScenarios
{
    private static readonly byte[] s_key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static IEnumerable<Scenario> All =>
        [
            new("R13", "hold to run: the stop starts within the lease and one period; a replay never extends it", 51, false, Lease),
            new("R14", "a stalled loop is replaced: by the watching thread, by a second process, by the device, each alone", 3, false, Stall),
            new("R15", "with the control process dead the device stops by itself; arming needs its timeout read back", 250, false, ProcessDies),
            new("R16", "a bus without a timeout needs a declared second process that limps it", 50, false, BusWithoutTimeout),
            new("R26", "sustained overrun stops the robot, it does not only warn", 1, false, Overrun),
        ];

    private static CaseOutcome Lease(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        var lease = new HoldToRunLease(s_key); // 100 ms
        Span<byte> renewal = stackalloc byte[HoldToRunLease.RenewalBytes];
        int fault = draw.Pick(4); // 0 released, 1 sender frozen, 2 old renewals replayed, 3 forged ones
        int at = 5 + draw.Pick(100);
        for (int k = 0; k < at + 60; k++)
        {
            bool broken = k >= at;
            HoldToRunLease.Write((ulong)(broken ? 1 + draw.Pick(at) : k + 1), s_key, renewal);
            if (broken && fault == 3)
                HoldToRunLease.Write((ulong)(k + 1), [9, 9, 9], renewal);
            if (broken && fault == 0)
                lease.Release();
            else if (!broken || fault >= 2)
                lease.TryRenew(renewal, rig.Now);
            if (!lease.IsHeld(rig.Now))
                rig.Supervisor.Report(SafetyCauses.LeaseExpired);
            rig.ProposeHover();
            SafetyAction action = rig.Tick();
            if (action >= SafetyAction.ControlledStop)
                return CaseOutcome.When(broken && (fault != 0 || k == at), $"stopped at tick {k - at} of fault {fault}", k - at);
        }
        return CaseOutcome.Fail($"fault {fault}: never stopped");
    }

    private static CaseOutcome Stall(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(5 + draw.Pick(100));
        int alive = draw.Pick(3); // the only guard that still works
        long limit = alive switch { 0 => 2 * rig.PeriodNs, 1 => 50_000_000 - rig.PeriodNs, _ => 500_000_000 };
        var watchdog = new LoopWatchdog(limit);
        SafetyBackstop backstop = rig.Supervisor.CreateBackstop(cutAfterNs: 1_000_000_000);
        watchdog.Beat(rig.Now - rig.PeriodNs);
        long stalled = rig.Now;
        for (int k = 0; k < 300; k++)
        {
            if (watchdog.IsStalled(rig.Now))
            {
                SafeCommand command = backstop.Command(rig.Now - stalled, rig.Now);
                bool safe = command.IsValid && command.Action == SafetyAction.SoftLimp && command.Values[0] is > 0 and < CampaignRobots.Hover;
                bool cut = backstop.Command(2_000_000_000, rig.Now).Values[0] == 0;
                int budget = alive switch { 0 => 3, 1 => 25, _ => 250 };
                return CaseOutcome.When(safe && cut && k <= budget, $"guard {alive} acted after {k} periods", alive == 0 ? k : 0);
            }
            rig.Clock.Advance(rig.PeriodNs);
        }
        return CaseOutcome.Fail($"guard {alive} never saw the stall");
    }

    private static CaseOutcome ProcessDies(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Checked;
        rig.Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        rig.Supervisor.Confirm(ArmingChecks.DeviceTimeout, false);
        rig.Begin(arm: false);
        bool refused = !rig.Supervisor.TryArm(out ArmingChecks missing) && missing == ArmingChecks.DeviceTimeout;
        rig.Supervisor.Confirm(ArmingChecks.DeviceTimeout, true);
        rig.Arm();
        var device = new LoopWatchdog((long)(rig.Supervisor.Settings.Arming.DeviceTimeoutMs * 1e6)); // the device's own timer, fed by our writes
        int dies = draw.Pick(200);
        for (int k = 0; k < dies; k++)
        {
            rig.ProposeHover();
            rig.Tick();
            device.Beat(rig.Now);
        }
        device.Beat(rig.Now);
        for (int k = 0; k < 300; k++)
        {
            if (device.IsStalled(rig.Now))
                return CaseOutcome.When(refused, $"armed without the timeout read back: missing {missing}", k - 1);
            rig.Clock.Advance(rig.PeriodNs);
        }
        return CaseOutcome.Fail("the device never stopped");
    }

    private static CaseOutcome BusWithoutTimeout(CampaignRigs rigs, Choices draw)
    {
        string real = CampaignRobots.Quadrotor(500).Replace("kind: simulated", "kind: feetech", StringComparison.Ordinal).Replace("automatic: true, checks: []", draw.Pick(2) == 0 ? "checks: [device_identity]" : "checks: [device_identity, limp_process]", StringComparison.Ordinal);
        var document = ConfigDocument.Parse(real, "robot.yaml");
        ArmingSettings settings = ArmingSettings.Read(document.Root.Map("arming"), isSimulated: false);
        bool declared = (settings.Required & ArmingChecks.LimpProcess) != 0;
        bool refused = document.Problems.Any(p => p.Message.Contains("limp_process", StringComparison.Ordinal));
        if (declared == refused)
            return CaseOutcome.Fail($"declared {declared}, refused {refused}");
        var second = new LoopWatchdog(100_000_000 - rigs.Quad.PeriodNs);
        second.Beat(0);
        int ticks = 0;
        while (!second.IsStalled(ticks * rigs.Quad.PeriodNs) && ticks < 1000)
            ticks++;
        return CaseOutcome.Pass(ticks);
    }

    private static CaseOutcome Overrun(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        var monitor = new OverrunMonitor();
        double share = draw.Pick(2) == 0 ? draw.Uniform(0, 0.02) : draw.Uniform(0.15, 0.5);
        int stopAt = -1;
        for (int k = 0; k < 300; k++)
        {
            if (monitor.Add(draw.Uniform(0, 1) < share) == OverrunLevel.Stop)
            {
                rig.Supervisor.Report(SafetyCauses.Overrun);
                stopAt = stopAt < 0 ? k : stopAt;
            }
            rig.ProposeHover();
            SafetyAction action = rig.Tick();
            if (stopAt >= 0)
                return CaseOutcome.When(action == SafetyAction.ControlledStop && rig.Supervisor.Latched && monitor.LateTicks == 11, $"{action} at {monitor.LateTicks} late ticks", k - stopAt);
            if (action >= SafetyAction.Baseline)
                return CaseOutcome.Fail($"stopped at {monitor.LateTicks} late ticks: {rig.Supervisor.Causes}");
        }
        return CaseOutcome.When(share < 0.1, $"{share:P0} of the ticks late and never stopped");
    }
}
