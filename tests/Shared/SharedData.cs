using Xunit;

namespace Robotics.Tests.Shared;

/// <summary>The data folder beside the project. Tests that need a file of it are skipped by name where it is absent.</summary>
public static class SharedData
{
    /// <summary>Root of the repository, found from the test assembly upwards.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Path of <paramref name="relative"/> below ../shared/data; skips the calling test where it is absent.</summary>
    public static string Require(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data", relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs ../shared/data/{relative}, which is not beside this checkout");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "Robotics.sln")))
                return d.FullName;
        }
        throw new InvalidOperationException($"no Robotics.sln above {AppContext.BaseDirectory}");
    }
}
