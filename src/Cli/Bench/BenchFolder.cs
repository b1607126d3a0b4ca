namespace Robotics.Cli.Bench;

/// <summary>Where a benchmark writes: a folder to keep, or one that is gone afterwards.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly bool _keep;

    /// <summary>Takes <paramref name="keep"/>, or a folder for the time being below the working folder (so that it lies on a real disk).</summary>
    public BenchFolder(string? keep)
    {
        _keep = keep is not null;
        Path = System.IO.Path.GetFullPath(keep ?? System.IO.Path.Combine("artifacts", "bench", Guid.NewGuid().ToString("N")));
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_keep)
            Directory.Delete(Path, recursive: true);
    }
}
