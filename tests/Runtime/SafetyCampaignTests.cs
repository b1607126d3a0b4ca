using Robotics.Runtime.Campaign;

namespace Robotics.Runtime.Tests;

public sealed class SafetyCampaignTests
{
    public static TheoryData<string> Requirements() => [.. SafetyCampaign.Requirements];

    [Fact]
    public void Requirements_AreR1ToR37() =>
        Assert.Equal(Enumerable.Range(1, 37).Select(i => $"R{i}"), SafetyCampaign.Requirements);

    // Every requirement as random scenarios on the virtual clock, 1,000 cases for the properties; the invariants in every tick.
    [Theory]
    [MemberData(nameof(Requirements))]
    public void Run_Requirement_PassesWithoutAViolatedInvariant(string id)
    {
        CampaignReport report = new SafetyCampaign(seed: 1, propertyCases: 1000).Run([id]);
        RequirementReport requirement = Assert.Single(report.Requirements);
        Assert.True(requirement.Passed, requirement.Failure);
        Assert.True(report.InvariantViolations == 0, report.FirstViolation);
    }

    [Fact]
    public void Shrink_FailingChoices_AreMadeSimpler()
    {
        IReadOnlyList<double> simplest = Choices.Shrink([0.9, 0.8, 0.7], c => c[1] > 0.3);
        Assert.Equal(0, simplest[0]);
        Assert.InRange(simplest[1], 0.3, 0.5);
        Assert.Equal(0, simplest[2]);
    }
}
