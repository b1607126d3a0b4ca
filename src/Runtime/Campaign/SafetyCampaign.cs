using Robotics.Core;
using Robotics.Runtime.Time;

namespace Robotics.Runtime.Campaign;

/// <summary>Runs every safety requirement (R1 to R37) as random scenarios on a virtual clock, and watches the invariants I1 to I5 in every tick.</summary>
/// <remarks>Repeatable by its seed. A failing case is shrunk: its random choices are made simpler for as long as it still fails, and
/// printed. Allocates; one thread; for `robotics safety campaign` and the tests, never beside a flying robot.</remarks>
public sealed class SafetyCampaign
{
    private const int OrdinaryCases = 200; // requirements with few degrees of freedom repeat themselves beyond that

    private static readonly Scenario[] s_scenarios =
        [
            .. SampleScenarios.All
                .Concat(ProposalScenarios.All)
                .Concat(MotionScenarios.All)
                .Concat(GuardScenarios.All)
                .Concat(ArmingScenarios.All)
                .Concat(SwitchScenarios.All)
                .Concat(PolicyScenarios.All)
                .Concat(IsolationScenarios.All)
                .OrderBy(s => int.Parse(s.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)),
        ];

    private readonly ulong _seed;
    private readonly int _propertyCases;
    private readonly bool _onTheWall;

    /// <summary>A campaign with <paramref name="propertyCases"/> random cases per property requirement (1,000 in the tests, 100,000 by default).</summary>
    /// <param name="seed">Repeats it.</param>
    /// <param name="propertyCases">Cases.</param>
    /// <param name="onTheWall">True to let every period last as long as it says, and to measure.</param>
    public SafetyCampaign(ulong seed = 1, int propertyCases = 100_000, bool onTheWall = false)
    {
        _onTheWall = onTheWall;
        _seed = seed;
        _propertyCases = propertyCases;
    }

    /// <summary>Identities of all requirements, in their order.</summary>
    public static IReadOnlyList<string> Requirements => [.. s_scenarios.Select(s => s.Id)];

    /// <summary>Runs all requirements, or those in <paramref name="only"/>; <paramref name="progress"/> hears each report when it is done.</summary>
    public CampaignReport Run(IReadOnlyCollection<string>? only = null, Action<RequirementReport>? progress = null, CancellationToken cancel = default)
    {
        RuntimeCaches.Grow(); // I5 speaks of our own allocations
        using var rigs = new CampaignRigs(_seed);
        if (_onTheWall)
            rigs.OnTheWall();
        var reports = new List<RequirementReport>();
        foreach (Scenario scenario in s_scenarios.Where(s => only is null || only.Contains(s.Id)))
        {
            cancel.ThrowIfCancellationRequested();
            RequirementReport report = RunOne(scenario, rigs, cancel);
            reports.Add(report);
            progress?.Invoke(report);
        }
        IReadOnlyList<CampaignRig> all = rigs.All;
        return new CampaignReport(
            _seed, reports.Count(r => r.Passed), all.Sum(r => r.Invariants.Violations), reports.Sum(r => r.Cases), all.Sum(r => r.Supervisor.Counters.Ticks),
            all.Select(r => r.Invariants.First).FirstOrDefault(f => f is not null), reports);
    }

    private RequirementReport RunOne(Scenario scenario, CampaignRigs rigs, CancellationToken cancel)
    {
        var random = new SeededRandom(_seed, scenario.Id);
        int cases = scenario.IsProperty ? _propertyCases : Math.Min(_propertyCases, OrdinaryCases);
        int worst = 0;
        long beganNs = MonotonicClock.Instance.NowNs;
        foreach (CampaignRig rig in rigs.All)
            rig.Pace?.Restart();
        for (int i = 0; i < cases; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var choices = new Choices(random);
            CaseOutcome outcome = Judge(scenario, scenario.Run(rigs, choices));
            worst = Math.Max(worst, outcome.ReactionPeriods);
            if (!outcome.Passed)
                return new(scenario.Id, scenario.Title, false, i + 1, worst, scenario.BudgetPeriods, Milliseconds(rigs, worst, beganNs, i + 1), Explain(scenario, rigs, choices, i));
        }
        return new(scenario.Id, scenario.Title, true, cases, worst, scenario.BudgetPeriods, Milliseconds(rigs, worst, beganNs, cases), null);
    }

    // The periods of the reaction, and the slowest command of any period. A scenario without a rig takes the mean time of a case.
    private double? Milliseconds(CampaignRigs rigs, int worstPeriods, long beganNs, int cases)
    {
        if (!_onTheWall)
            return null;
        double[] used = [.. rigs.All.Where(r => r.Pace!.Periods > 0).Select(r => ((worstPeriods * r.PeriodNs) + r.Pace!.WorstNs) / 1e6)];
        return used.Length > 0 ? used.Max() : (MonotonicClock.Instance.NowNs - beganNs) / 1e6 / cases;
    }

    private static CaseOutcome Judge(Scenario scenario, CaseOutcome outcome) =>
        outcome.Passed && outcome.ReactionPeriods > scenario.BudgetPeriods
            ? outcome with { Passed = false, Why = $"reacted after {outcome.ReactionPeriods} periods, budget {scenario.BudgetPeriods}" }
            : outcome;

    private string Explain(Scenario scenario, CampaignRigs rigs, Choices failing, int index)
    {
        CaseOutcome Again(IReadOnlyList<double> choices) => Judge(scenario, scenario.Run(rigs, new Choices(choices)));
        IReadOnlyList<double> simplest = Choices.Shrink([.. failing.Made], c => !Again(c).Passed);
        CaseOutcome outcome = Again(simplest);
        string choices = string.Join(", ", simplest.Take(16).Select(c => c.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)));
        return $"seed {_seed}, case {index}, shrunk to choices [{choices}]: {outcome.Why}";
    }
}
