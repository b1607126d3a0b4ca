namespace Robotics.Drivers.Serial.Bench;

/// <summary>What hostile bytes did to one parser.</summary>
/// <param name="Parser">Protocol.</param>
/// <param name="RandomBytes">Uniform random bytes fed.</param>
/// <param name="AcceptedInNoise">Frames found in them.</param>
/// <param name="ExpectedInNoise">Frames that the length of header and check sum lets expect.</param>
/// <param name="MutatedFrames">Frames damaged by flips, losses, insertions, cuts and repetitions.</param>
/// <param name="FalseFrames">Frames given out that nobody sent.</param>
/// <param name="FalseBound">Most that the check sum lets expect: one in 2^bits of the damaged frames, and six deviations.</param>
/// <param name="LongestLoss">Most undamaged frames in a row that were lost behind a damaged one.</param>
/// <param name="MegabytesPerSecond">Throughput on the noise.</param>
public sealed record SerialBenchResult(
    string Parser,
    long RandomBytes,
    long AcceptedInNoise,
    double ExpectedInNoise,
    long MutatedFrames,
    long FalseFrames,
    double FalseBound,
    int LongestLoss,
    double MegabytesPerSecond
)
{
    /// <summary>True where nothing beyond the check sum's bound was accepted and the stream was found again within two frames.</summary>
    public bool Passed =>
        AcceptedInNoise <= ExpectedInNoise + (6 * Math.Sqrt(ExpectedInNoise)) + 3 && FalseFrames <= FalseBound && LongestLoss <= 2;
}
