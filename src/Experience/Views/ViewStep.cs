namespace Robotics.Experience;

/// <summary>One sample of a learning view: which step, what follows it, what is learnt from it.</summary>
/// <param name="Index">Place of the step in the records given.</param>
/// <param name="Next">Where its next observation is.</param>
/// <param name="Bootstraps">True where the value of what follows counts (discount mask 1): everywhere but at a terminal step.</param>
/// <param name="Action">Which action is learnt from.</param>
/// <param name="Reward">The view's reward; NaN where the task's reward counts.</param>
public readonly record struct ViewStep(int Index, NextObservation Next, bool Bootstraps, ViewAction Action, float Reward);
