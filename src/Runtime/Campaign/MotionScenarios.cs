using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>R9 to R12 and R22: where the robot may be and how it may lie in the air.</summary>
internal static class MotionScenarios
{
    private const double WindShare = 0.3; // of the available acceleration
    private const double VerticalAcceleration = 4.9; // m/s², the baseline's vertical limit: half of g

    public static IEnumerable<Scenario> All =>
        [
            new("R9", "a joint stops before its edge", 0, true, JointEdge),
            new("R10", "the fence counts braking distance and latency: no excursion, with wind", 0, true, (rigs, draw) => Fence(rigs, draw, vertical: false)),
            new("R11", "tilt limit with prediction; upright again within half a second", 0, false, Flip),
            new("R12", "floor and ceiling as the fence", 0, true, (rigs, draw) => Fence(rigs, draw, vertical: true)),
            new("R22", "whatever the policy does, the state stays recoverable", 0, true, Adversary),
        ];

    // A velocity-driven joint with acceleration limit a, or 20 % less than declared: overshoot 0, or at most 2 % of its range.
    private static CaseOutcome JointEdge(CampaignRigs rigs, Choices draw)
    {
        const double period = 0.002;
        double range = draw.Uniform(3, 6);
        double declared = draw.Uniform(20, 60);
        bool weak = draw.Pick(2) == 1;
        double able = weak ? 0.8 * declared : declared;
        var rules = new EdgeRules([new EdgeLimits(0, 0, 0, range, declared, period)], period);
        var input = new BaselineInput(1, 1);
        input.Fresh[0] = true;
        double p = draw.Uniform(0, range);
        double v = 0;
        float speed = (float)((draw.Pick(2) == 0 ? -1 : 1) * draw.Uniform(0.1, 2.5));
        var command = new float[1];
        double overshoot = 0;
        for (int k = 0; k < 4000 && Math.Abs(speed) > 0; k++)
        {
            input.Values[0] = (float)p;
            command[0] = speed;
            ulong mask = 0;
            rules.Limit(input, command, ref mask);
            v += Math.Clamp(command[0] - v, -able * period, able * period);
            p += v * period;
            overshoot = Math.Max(overshoot, Math.Max(-p, p - range));
            if (Math.Abs(v) < 1e-6 && (p < 0.01 || p > range - 0.01))
                break;
        }
        double allowed = weak ? 0.02 * range : 1e-6; // float32 of the position
        return CaseOutcome.When(overshoot <= allowed, $"overshoot {overshoot:G3} rad of {range:F2}, braking {able:F1} of {declared:F1} rad/s²");
    }

    private static CaseOutcome Fence(CampaignRigs rigs, Choices draw, bool vertical)
    {
        CampaignRig rig = rigs.Slow;
        double heading = draw.Uniform(-Math.PI, Math.PI);
        double wind = draw.Uniform(-Math.PI, Math.PI);
        double windForce = draw.Uniform(0, WindShare) * CampaignRobots.Mass * (vertical ? VerticalAcceleration : CampaignRobots.AvailableAcceleration);
        double start = draw.Uniform(0, 4);
        double speed = draw.Uniform(1, 6);
        double up = vertical ? (draw.Pick(2) == 0 ? -1 : 1) : 0;
        rig.Begin(s =>
        {
            (s[0], s[1], s[2]) = vertical ? (0f, 0f, (float)(start * up)) : ((float)(start * Math.Cos(heading)), (float)(start * Math.Sin(heading)), 0f);
            (s[17], s[18], s[19]) = vertical ? (0f, 0f, (float)(windForce * up)) : ((float)(windForce * Math.Cos(wind)), (float)(windForce * Math.Sin(wind)), 0f);
        });
        Span<double> velocity = [vertical ? 0 : speed * Math.Cos(heading), vertical ? 0 : speed * Math.Sin(heading), speed * up];
        long interventions = rig.Supervisor.Counters.Interventions;
        double farthest = 0;
        int flown = 0;
        int after = -1;
        for (; flown < 1000 && after != 0; flown++)
        {
            rigs.Pilot.Propose(rig, velocity);
            rig.Tick();
            if (after < 0 && rig.Action >= SafetyAction.Baseline)
                after = 250; // 2.5 s: braked, and one return of the policy
            after -= after > 0 ? 1 : 0;
            for (int i = 0; i < 3; i++)
                farthest = Math.Max(farthest, Math.Abs(rig.True(i)));
        }
        long handOvers = rig.Supervisor.Counters.Interventions - interventions;
        return CaseOutcome.When(farthest <= CampaignRobots.Cage && handOvers <= 1 + (flown / 100), $"{farthest:F2} m of {CampaignRobots.Cage}, {handOvers} hand-overs in {flown / 100.0} s, speed {speed:F1}");
    }

    private static CaseOutcome Flip(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(5 + draw.Pick(20));
        float more = (float)draw.Uniform(0.05, 1);
        (float a, float b, float c, float d) = draw.Pick(2) == 0 ? (1f, 1f, -1f, -1f) : (-1f, 1f, 1f, -1f);
        double tiltAtTrip = -1;
        int ticksOver60 = 0;
        int afterTrip = 0;
        for (int k = 0; k < 1500 && afterTrip < 250; k++)
        {
            rig.Propose(Throttle(a * more), Throttle(b * more), Throttle(c * more), Throttle(d * more));
            rig.Tick();
            double tilt = Tilt(rig);
            if (tiltAtTrip < 0 && rig.Action >= SafetyAction.Baseline)
                tiltAtTrip = tilt;
            afterTrip += tiltAtTrip >= 0 ? 1 : 0;
            ticksOver60 = tilt > Math.PI / 3 ? ticksOver60 + 1 : 0;
            if (ticksOver60 * rig.PeriodNs > 300_000_000) // PX4's own failure detector: 60 degrees for 0.3 s
                return CaseOutcome.Fail("over 60 degrees for 0.3 s");
        }
        return CaseOutcome.When(tiltAtTrip >= 0 && tiltAtTrip <= 0.95 && Tilt(rig) < Math.PI / 4, $"tripped at {tiltAtTrip:F2} rad, {Tilt(rig):F2} rad half a second later, differential {more:F2}");
    }

    // Bang-bang on every rotor, held for random times: the worst a policy can do without knowing the dynamics; half of the cases know them.
    private static CaseOutcome Adversary(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Slow;
        rig.Begin();
        bool knowing = draw.Pick(2) == 0;
        Span<double> velocity = [draw.Uniform(-7, 7), draw.Uniform(-7, 7), draw.Uniform(-7, 7)];
        int hold = 0;
        double farthest = 0;
        for (int k = 0; k < 300; k++)
        {
            if (knowing)
                rigs.Pilot.Propose(rig, velocity);
            else if (hold-- <= 0)
            {
                hold = draw.Pick(20);
                rig.Propose(draw.Pick(2), draw.Pick(2), draw.Pick(2), draw.Pick(2));
            }
            rig.Tick();
            for (int i = 0; i < 3; i++)
                farthest = Math.Max(farthest, Math.Abs(rig.True(i)));
        }
        rig.Proposal.Clear();
        for (int k = 0; k < 300; k++)
            rig.Tick();
        double speed = Math.Sqrt((rig.True(7) * rig.True(7)) + (rig.True(8) * rig.True(8)) + (rig.True(9) * rig.True(9)));
        return CaseOutcome.When(farthest <= CampaignRobots.Cage && Tilt(rig) < 0.8 && speed < 3, $"{farthest:F2} m, tilt {Tilt(rig):F2} rad and {speed:F2} m/s three seconds after");
    }

    private static float Throttle(float share) => Math.Clamp(CampaignRobots.Hover + (share * 0.75f), 0, 1);

    private static double Tilt(CampaignRig rig) => Math.Acos(Math.Clamp(1 - (2 * ((rig.True(4) * rig.True(4)) + (rig.True(5) * rig.True(5)))), -1, 1));
}
