using Robotics.Cli.Demo;

namespace Robotics.Integration.Tests;

public sealed class LockstepRunTests
{
    private const long Steps = 31_000; // past both warm-ups, so that critics and actor were updated

    // Same seed, same machine: the very same bytes in the spool and the very same weights, bit for bit.
    [Fact]
    public void Run_SameSeedTwice_GivesEqualSpoolsAndEqualWeights()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        float[] weights = LockstepRun.Run(first.Path, () => LockstepRun.Load("runs/hover.yaml", Steps, 3));
        float[] again = LockstepRun.Run(second.Path, () => LockstepRun.Load("runs/hover.yaml", Steps, 3));
        Assert.Equal(weights, again);
        string[] files = Files(first["spool"]);
        Assert.Equal(files, Files(second["spool"]));
        Assert.NotEmpty(files);
        foreach (string file in files)
            Assert.True(File.ReadAllBytes(first[$"spool/{file}"]).AsSpan().SequenceEqual(File.ReadAllBytes(second[$"spool/{file}"])), $"{file} differs");
        Assert.Equal(new IdentityCount(Steps, Steps, 0, 0), IdentityCount.Of(first["spool"], first["store"]));
    }

    [Fact]
    public void Run_OtherSeed_GivesOtherWeights()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        float[] weights = LockstepRun.Run(first.Path, () => LockstepRun.Load("runs/hover.yaml", 2000, 3));
        float[] other = LockstepRun.Run(second.Path, () => LockstepRun.Load("runs/hover.yaml", 2000, 4));
        Assert.NotEqual(weights, other);
    }

    private static string[] Files(string root) =>
        [.. Directory.EnumerateFiles(root, "*.seg", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)];
}
