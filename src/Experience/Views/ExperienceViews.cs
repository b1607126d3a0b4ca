using Robotics.Core;

namespace Robotics.Experience;

/// <summary>What the published methods learn from, derived from the records and never stored instead of them.</summary>
/// <remarks>
/// All take the records of one stream in sequence order. No view ever pairs a step with an observation that did not follow it:
/// neither at a time limit, nor around an intervention, nor where records were dropped. Episodes that a person asked to record again
/// (<see cref="TransitionFlags.Discarded"/>) are in none.
/// </remarks>
public static class ExperienceViews
{
    /// <summary>Reward of RLIF at the step that made a person take over; 0 elsewhere. Luo et al. 2023, arXiv:2311.12996, section 4.</summary>
    public const float RlifInterventionReward = -1f;

    /// <summary>Where the observation after step <paramref name="index"/> is.</summary>
    public static NextObservation NextOf(ReadOnlySpan<TransitionHeader> steps, int index)
    {
        TransitionHeader step = steps[index];
        if ((step.Flags & TransitionFlags.HasFinal) != 0)
            return NextObservation.OwnFinal;
        if (index + 1 >= steps.Length)
            return NextObservation.Missing;
        return Follows(step, steps[index + 1]) ? NextObservation.FollowingFrame : NextObservation.Missing;
    }

    /// <summary>
    /// RLPD (Ball et al. 2023, arXiv:2302.02948, section 4.1): every step is learnt from with the task's reward; half of each batch comes from
    /// <paramref name="prior"/>, the episodes that a person drove from beginning to end, half from <paramref name="online"/>, all others.
    /// </summary>
    public static void Rlpd(ReadOnlySpan<TransitionHeader> steps, List<ViewStep> online, List<ViewStep> prior)
    {
        ArgumentNullException.ThrowIfNull(online);
        ArgumentNullException.ThrowIfNull(prior);
        for (int start = SkipDiscarded(steps, 0), end; start < steps.Length; start = SkipDiscarded(steps, end))
        {
            end = EndOfEpisode(steps, start);
            bool isDemonstration = IsAll(steps[start..end], ActionSource.Human);
            AddAll(steps, start, end, isDemonstration ? prior : online);
        }
    }

    /// <summary>
    /// HIL-SERL (Luo et al. 2024, arXiv:2410.21845, section III; train_rlpd.py): every step goes to <paramref name="online"/>, and the steps a
    /// person drove to <paramref name="interventions"/> as well; half of each batch comes from either. Baseline steps are learnt from, too: they happened.
    /// </summary>
    public static void HilSerl(ReadOnlySpan<TransitionHeader> steps, List<ViewStep> online, List<ViewStep> interventions)
    {
        ArgumentNullException.ThrowIfNull(online);
        ArgumentNullException.ThrowIfNull(interventions);
        for (int i = SkipDiscarded(steps, 0); i < steps.Length; i = SkipDiscarded(steps, i + 1))
        {
            if (!TryStep(steps, i, out ViewStep step))
                continue;
            online.Add(step);
            if (steps[i].Source == ActionSource.Human)
                interventions.Add(step);
        }
    }

    /// <summary>
    /// RLIF (Luo et al. 2023, arXiv:2311.12996): the intervention is the reward. The step before a person's onset gets
    /// <see cref="RlifInterventionReward"/>, every other step 0; the task's reward is not used.
    /// </summary>
    public static void Rlif(ReadOnlySpan<TransitionHeader> steps, List<ViewStep> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        for (int i = SkipDiscarded(steps, 0); i < steps.Length; i = SkipDiscarded(steps, i + 1))
        {
            if (!TryStep(steps, i, out ViewStep step))
                continue;
            bool causes = step.Next == NextObservation.FollowingFrame && (steps[i + 1].Flags & TransitionFlags.InterventionOnset) != 0;
            samples.Add(step with { Reward = causes ? RlifInterventionReward : 0 });
        }
    }

    /// <summary>
    /// HG-DAgger (Kelly et al. 2019, arXiv:1810.02890, algorithm 1): what a person did while in control is imitated. Needs no next observation,
    /// so steps before a dropped record count as well.
    /// </summary>
    public static void HgDagger(ReadOnlySpan<TransitionHeader> steps, List<ViewStep> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        for (int i = SkipDiscarded(steps, 0); i < steps.Length; i = SkipDiscarded(steps, i + 1))
        {
            bool inControl = steps[i].Source == ActionSource.Human && (steps[i].Flags & TransitionFlags.HasHuman) != 0;
            if (inControl)
                samples.Add(new ViewStep(i, NextOf(steps, i), false, ViewAction.Human, float.NaN));
        }
    }

    private static bool Follows(in TransitionHeader step, in TransitionHeader next) =>
        next.Robot == step.Robot && next.Boot == step.Boot && next.Sequence == step.Sequence + 1
        && next.Episode == step.Episode && next.Step == step.Step + 1;

    private static bool TryStep(ReadOnlySpan<TransitionHeader> steps, int index, out ViewStep step)
    {
        NextObservation next = NextOf(steps, index);
        bool terminated = (steps[index].Flags & TransitionFlags.Terminated) != 0;
        step = new ViewStep(index, next, !terminated, ViewAction.Executed, float.NaN);
        return next != NextObservation.Missing;
    }

    // The first step from index on whose episode nobody asked to record again.
    private static int SkipDiscarded(ReadOnlySpan<TransitionHeader> steps, int index)
    {
        while (index < steps.Length && (index == 0 || steps[index].Episode != steps[index - 1].Episode || steps[index].Boot != steps[index - 1].Boot))
        {
            int end = EndOfEpisode(steps, index);
            if ((steps[end - 1].Flags & TransitionFlags.Discarded) == 0)
                break;
            index = end;
        }
        return index;
    }

    private static int EndOfEpisode(ReadOnlySpan<TransitionHeader> steps, int start)
    {
        int end = start + 1;
        while (end < steps.Length && steps[end].Boot == steps[start].Boot && steps[end].Episode == steps[start].Episode)
            end++;
        return end;
    }

    private static bool IsAll(ReadOnlySpan<TransitionHeader> steps, ActionSource source)
    {
        foreach (ref readonly TransitionHeader step in steps)
        {
            if (step.Source != source)
                return false;
        }
        return true;
    }

    private static void AddAll(ReadOnlySpan<TransitionHeader> steps, int start, int end, List<ViewStep> samples)
    {
        for (int i = start; i < end; i++)
        {
            if (TryStep(steps, i, out ViewStep step))
                samples.Add(step);
        }
    }
}
