namespace Robotics.Cli;

/// <summary>Where the files that come with the command lie: hardware/, tasks/, runs/.</summary>
internal static class Installation
{
    /// <summary>Path of <paramref name="relative"/> in the checkout (or beside the published command), relative to the working directory where that is shorter.</summary>
    public static string PathOf(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (File.Exists(path) || Directory.Exists(path))
                return Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        }
        throw new FailureException($"{relative} is not beside the robotics command; run it from a checkout");
    }
}
