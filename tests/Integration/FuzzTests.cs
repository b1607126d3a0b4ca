using Robotics.Cli.Bench;

namespace Robotics.Integration.Tests;

/// <summary>Mutated frames for every decoder of the experience path, as `robotics bench fuzz` gives them: no exception, no hang, memory bounded.</summary>
[Trait("Category", "Property")]
public sealed class FuzzTests
{
    private const long Million = 1_000_000;
    private const long Files = 50_000; // a file is written, scanned and read for each: the million takes a minute of `robotics bench fuzz`

    public static TheoryData<string> Pure() => [.. FuzzTargets.Pure().Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Pure))]
    public void Decoder_MillionMutations_NeverThrowsAndStaysWithinItsMemory(string name) =>
        Judge(FuzzTargets.Pure().Single(t => t.Name == name), Million);

    [Theory]
    [InlineData(0, Million)]
    [InlineData(1, Million)]
    [InlineData(2, Million)]
    [InlineData(3, Files)]
    public void Host_MutatedFrames_GoesOn(int host, long frames)
    {
        using var folder = new TemporaryFolder();
        using var hosts = new FuzzHosts(folder.Path);
        Judge(hosts.All()[host], frames);
    }

    private static void Judge(FuzzTarget target, long frames)
    {
        FuzzResult result = FuzzBench.Run(target, frames, seed: 1);
        Assert.True(result.IsClean, $"{result}");
        Assert.InRange(result.Accepted, 1, frames - 1); // some mutations change a value and not the form, and most change the form
    }
}
