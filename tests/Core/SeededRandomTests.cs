using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Core.Tests;

public sealed class SeededRandomTests
{
    // Vectors of the reference C code of xoshiro256++ seeded with splitmix64 would need its seed path; moments suffice to catch a slip.
    [Fact]
    public void NextGaussian_ManyDraws_HasUnitMoments()
    {
        var random = new SeededRandom(1, "moments");
        double sum = 0, squares = 0;
        const int n = 200_000;
        for (int i = 0; i < n; i++)
        {
            double x = random.NextGaussian();
            sum += x;
            squares += x * x;
        }
        Assert.InRange(sum / n, -0.01, 0.01);
        Assert.InRange(squares / n, 0.98, 1.02);
    }

    [Fact]
    public void RestoreState_AfterSave_GivesTheSameDraws()
    {
        var random = new SeededRandom(7, "a");
        random.NextGaussian();
        var state = new ulong[SeededRandom.StateLength];
        random.SaveState(state);
        double[] first = [random.NextGaussian(), random.NextDouble(), random.NextInt(1000)];
        random.RestoreState(state);
        double[] second = [random.NextGaussian(), random.NextDouble(), random.NextInt(1000)];
        Assert.Equal(first, second);
    }

    [Fact]
    public void Constructor_OtherPurpose_GivesAnotherStream() =>
        Assert.NotEqual(new SeededRandom(7, "reset").NextUInt64(), new SeededRandom(7, "noise").NextUInt64());

    [Fact]
    public void Draws_AfterWarmUp_AllocateNothing()
    {
        var random = new SeededRandom(1);
        AllocationGuard.AssertNone(() => random.NextGaussian());
    }
}
