using Robotics.Core;
using Robotics.Drivers.Serial.Bench;

namespace Robotics.Serial.Tests;

public sealed class SerialBenchTests
{
    // The long form, 10^9 bytes and 10^7 frames, is `robotics bench serial`.
    [Theory]
    [InlineData("mavlink")]
    [InlineData("feetech")]
    [InlineData("dynamixel")]
    [InlineData("r1")]
    [InlineData("crsf")]
    [InlineData("msp")]
    public void Parser_MillionRandomBytesAndDamagedFrames_AcceptsNothingBeyondItsCheckSum(string parser)
    {
        SerialBenchResult result = Assert.Single(SerialBench.Run(1_000_000, 1_000_000, 7, MonotonicClock.Instance, parser));
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Passed, result.ToString());
    }
}
