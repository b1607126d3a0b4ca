using Robotics.Tests.Shared;

namespace Robotics.Models.Tests;

public sealed class LaneRandomTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void FillGaussian_ManyDraws_HasTheMomentsOfTheNormal(int registerBits)
    {
        var random = new LaneRandom(11, "moments", registerBits);
        var rows = new float[32 * 64];
        double[] sums = new double[5];
        double pairs = 0;
        int beyond3 = 0;
        const int rounds = 1000;
        for (int k = 0; k < rounds; k++)
        {
            random.FillGaussian(rows);
            for (int i = 0; i < rows.Length; i++)
            {
                double x = rows[i];
                sums[1] += x;
                sums[2] += x * x;
                sums[3] += x * x * x;
                sums[4] += x * x * x * x;
                pairs += i + 16 < rows.Length ? x * rows[i + 16] : 0;
                beyond3 += Math.Abs(x) > 3 ? 1 : 0;
            }
        }
        double n = rounds * (double)rows.Length; // 2 million: standard error of the mean 7e-4
        Assert.Equal(0, sums[1] / n, 0.004);
        Assert.Equal(1, sums[2] / n, 0.006);
        Assert.Equal(0, sums[3] / n, 0.015);
        Assert.Equal(3, sums[4] / n, 0.05);
        Assert.Equal(0, pairs / n, 0.004);
        Assert.Equal(0.0027, beyond3 / n, 2e-4);
    }

    [Fact]
    public void FillGaussian_OtherRegisterWidth_GivesTheSameNumbers()
    {
        float[] wide = new float[640], narrow = new float[640];
        new LaneRandom(5, "noise", 512).FillGaussian(wide);
        new LaneRandom(5, "noise", 128).FillGaussian(narrow);
        for (int i = 0; i < wide.Length; i++)
            Assert.Equal(wide[i], narrow[i], 1e-6f);
        Assert.NotEqual(wide[0], wide[1]);
    }

    [Fact]
    public void FillUniform_ManyDraws_CoversTheRangeEvenly()
    {
        var random = new LaneRandom(2, "uniform");
        var rows = new float[16 * 1000];
        var histogram = new int[20];
        for (int k = 0; k < 10; k++)
        {
            random.FillUniform(rows);
            foreach (float x in rows)
                histogram[(int)((x + 1) * 10)]++;
        }
        Assert.All(histogram, count => Assert.InRange(count, 7600, 8400));
    }

    [Fact]
    public void Fill_AllocatesNothing()
    {
        var random = new LaneRandom(2, "uniform");
        var rows = new float[320];
        AllocationGuard.AssertNone(() =>
        {
            random.FillUniform(rows);
            random.FillGaussian(rows);
        });
    }
}
