using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety.Tests;

public sealed class CommandLimiterTests
{
    private const double T = 0.002;

    // I2: for any wishes, every emitted command is inside its envelope, its step inside the rate, its change of step inside the change of rate.
    [Fact]
    public void Limit_AnySequenceOfWishes_KeepsEnvelopeRateAndChangeOfRate()
    {
        var random = new SeededRandom(11);
        for (int run = 0; run < 1000; run++)
        {
            double rate = Math.Pow(10, random.NextUniform(-1, 2));
            double change = rate * Math.Pow(10, random.NextUniform(0.5, 3));
            var limiter = new CommandLimiter(Limits(rate, change), T);
            float previous = (float)random.NextUniform(-1, 1);
            limiter.Seed([previous]);
            double step = 0;
            float[] value = new float[1];
            for (int k = 0; k < 300; k++)
            {
                value[0] = (float)(random.NextInt(3) == 0 ? random.NextUniform(-5, 5) : k / 30 % 2 == 0 ? 1 : -1);
                limiter.Limit(value, out _);
                limiter.Commit(value);
                double d = (double)value[0] - previous;
                const double ulp = 2.4e-7; // two rounding errors of float32 at magnitude 1
                Assert.InRange(value[0], -1f, 1f);
                Assert.True(Math.Abs(d) <= (rate * T) + ulp, $"seed 11 run {run} tick {k}: step {d} over {rate * T}");
                Assert.True(Math.Abs(d - step) <= (change * T * T) + ulp, $"seed 11 run {run} tick {k}: change {d - step} over {change * T * T}");
                step = d;
                previous = value[0];
            }
        }
    }

    [Fact]
    public void Limit_InsideEverything_ChangesNoBit()
    {
        var limiter = new CommandLimiter(Limits(10, 1e6), T);
        limiter.Seed([0.5f]);
        float[] value = [0.5000001f];
        Assert.Equal(SafetyCauses.None, limiter.Limit(value, out ulong mask));
        Assert.Equal(0UL, mask);
        Assert.Equal(0.5000001f, value[0]);
    }

    [Fact]
    public void Read_LimitsOutsideTheActuatorsOwn_AreRefused()
    {
        var document = ConfigDocument.Parse("safety:\n  commands:\n    joint: {max: 3}\n");
        CommandLimits.Read(document.Root.Map("safety"), new ChannelLayout([new Channel("joint", "rad", -1, 1)]));
        Assert.Contains("safety.commands.joint.max: '3' is not a value in [-1, 1]", Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message, StringComparison.Ordinal);
    }

    private static CommandLimits Limits(double rate, double change)
    {
        var document = ConfigDocument.Parse(FormattableString.Invariant($"safety:\n  commands:\n    joint: {{max_rate_per_s: {rate:R}, max_rate_change_per_s2: {change:R}}}\n"));
        CommandLimits limits = CommandLimits.Read(document.Root.Map("safety"), new ChannelLayout([new Channel("joint", "rad", -1, 1)]));
        document.ThrowIfBad();
        return limits;
    }
}
