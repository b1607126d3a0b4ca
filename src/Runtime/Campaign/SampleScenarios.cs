using Robotics.Core;
using Robotics.Drivers;

namespace Robotics.Runtime.Campaign;

/// <summary>R1 to R4: what a policy may see.</summary>
internal static class SampleScenarios
{
    private static readonly (int[] Channels, double LimitMs)[] s_groups =
        [([0, 1, 2], 100), ([3, 4, 5, 6], 25), ([7, 8, 9], 100), ([10, 11, 12], 10)];

    private static readonly float[] s_bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e9f, 1e-42f];

    public static IEnumerable<Scenario> All =>
        [
            new("R1", "every state channel has a maximum age", 1, false, Frozen),
            new("R2", "a sensor that must carry noise and repeats itself is stuck", 20, false, Stuck),
            new("R3", "sample times run forward and not ahead; three wrong in a row are stale", 1, false, WrongTimes),
            new("R4", "a non-finite observation never reaches a policy", 0, true, NotFinite),
        ];

    private static CaseOutcome Frozen(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        (int[] channels, double limitMs) = s_groups[draw.Pick(s_groups.Length)];
        rig.Begin();
        rig.Run(20 + draw.Pick(100));
        rig.Load(new FaultEvent(FaultKind.Freeze, channels, 0, long.MaxValue, 0, 1));
        int expected = (int)(limitMs * 1e6 / rig.PeriodNs) + 1; // first tick whose age is over the limit
        int tripped = rig.Until(SafetyAction.Baseline, expected + 5);
        bool onTime = tripped >= expected && tripped <= expected + 1;
        return CaseOutcome.When(
            onTime && !rig.Supervisor.PolicyMayAct && (rig.Supervisor.Causes & SafetyCauses.StaleSample) != 0,
            $"{limitMs} ms channels frozen: tripped at tick {tripped}, expected {expected}, causes {rig.Supervisor.Causes}", Math.Max(0, tripped - expected));
    }

    private static CaseOutcome Stuck(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(20 + draw.Pick(100));
        if (draw.Pick(2) == 0)
        {
            rig.Run(300); // a still robot with its sensor's own noise
            return CaseOutcome.When(rig.Action == SafetyAction.Nominal, $"a still robot tripped: {rig.Supervisor.Causes}");
        }
        rig.Load(new FaultEvent(FaultKind.Stuck, [10 + draw.Pick(3)], 0, long.MaxValue, 0, 1));
        int tripped = rig.Until(SafetyAction.Baseline, 40);
        return CaseOutcome.When(tripped > 0 && (rig.Supervisor.Causes & SafetyCauses.StuckSensor) != 0, $"not seen: {rig.Supervisor.Causes}", tripped - 1);
    }

    private static CaseOutcome WrongTimes(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(20 + draw.Pick(100));
        long shift = (draw.Pick(2) == 0 ? -1 : 1) * (long)draw.Uniform(0.05e9, 3600e9);
        void Shift(SensorSample sample)
        {
            for (int i = 0; i < 13; i++)
                sample.TimesNs[i] += shift;
        }
        for (int k = 0; k < 3; k++)
        {
            rig.ProposeHover();
            SafetyAction action = rig.Tick(Shift);
            bool rejected = (rig.Supervisor.Causes & SafetyCauses.SampleTime) != 0 && rig.Sample.TimesNs[0] <= rig.Now;
            bool expected = k < 2 ? action == SafetyAction.Warn : action >= SafetyAction.Baseline;
            if (!rejected || !expected)
                return CaseOutcome.Fail($"shift {shift} ns, sample {k + 1}: {action}, causes {rig.Supervisor.Causes}");
        }
        return CaseOutcome.Pass();
    }

    private static CaseOutcome NotFinite(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(5));
        int field = draw.Pick(13);
        float bad = s_bad[draw.Pick(s_bad.Length)];
        rig.ProposeHover();
        SafetyAction action = rig.Tick(sample => sample.Values[field] = bad);
        if (MathF.Abs(bad) < 1 && field is < 3 or > 6)
            return CaseOutcome.When(action < SafetyAction.Baseline, $"a denormal in field {field} tripped");
        if (MathF.Abs(bad) < 1)
            return CaseOutcome.Pass(); // a denormal quaternion component may or may not leave a rotation
        bool clean = true;
        for (int i = 0; i < 13; i++)
            clean &= float.IsFinite(rig.Sample.Values[i]);
        return CaseOutcome.When(action >= SafetyAction.Baseline && !rig.Supervisor.PolicyMayAct && clean, $"{bad} in field {field}: {action}, clean {clean}");
    }
}
