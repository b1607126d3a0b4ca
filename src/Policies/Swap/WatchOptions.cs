namespace Robotics.Policies;

/// <summary>How a new policy comes to power and how long it is watched. The default is gate `training`: at an episode boundary, at once.</summary>
public sealed record WatchOptions
{
    /// <summary>Gate `training`: no shadow, no probation.</summary>
    public static WatchOptions Training { get; } = new();

    /// <summary>Gate `deployed` at a policy rate of 100 Hz: 2 s of shadow, 10 s of probation, rollback on any trip.</summary>
    public static WatchOptions Deployed { get; } = new() { ShadowSteps = 200, ProbationSteps = 1000 };

    /// <summary>When it may take over.</summary>
    public SwapRule Rule { get; init; }

    /// <summary>Policy periods over which a takeover within an episode passes linearly from the old action to the new one; 0 for a step.</summary>
    public int BlendSteps { get; init; } = 10;

    /// <summary>Policy periods a candidate runs without authority before it may take over; 0 for none.</summary>
    public int ShadowSteps { get; init; }

    /// <summary>Greatest root mean square difference between its actions and those in force, normalised action units (full range is 2).</summary>
    public double MaxDivergence { get; init; } = 0.25;

    /// <summary>Policy periods after a takeover in which a safety trip or a rise of interventions rolls back; 0 for none.</summary>
    public int ProbationSteps { get; init; }

    /// <summary>Allowed rise of the share of periods with an intervention over that of the policy before.</summary>
    public double MaxInterventionRise { get; init; } = 0.1;

    /// <summary>Allowed rise of the share of episodes that end in the task's failure over that of the policy before. Our own: one failure in two says little, two of two do.</summary>
    public double MaxFailureRise { get; init; } = 0.5;

    /// <summary>Episodes on probation before that share is judged.</summary>
    public int MinJudgedEpisodes { get; init; } = 2;

    /// <summary>Periods on probation before the share is judged: fewer say nothing about a rise of 10 %.</summary>
    public int MinJudgedSteps { get; init; } = 20;
}
