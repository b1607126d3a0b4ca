namespace Robotics.Runtime.Campaign;

/// <summary>One requirement as code.</summary>
/// <param name="Id">R1 to R37.</param>
/// <param name="Title">What it demands.</param>
/// <param name="BudgetPeriods">Greatest reaction, control periods.</param>
/// <param name="IsProperty">True where the campaign runs the full number of random cases.</param>
/// <param name="Run">One case: draws what it needs, tells how it went.</param>
internal sealed record Scenario(string Id, string Title, int BudgetPeriods, bool IsProperty, Func<CampaignRigs, Choices, CaseOutcome> Run);
