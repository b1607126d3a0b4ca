using Robotics.Configuration;

namespace Robotics.Learner;

/// <summary>Begins with the networks of an earlier run and none of its data (WSRL, Zhou et al. 2024, arXiv:2412.07762).</summary>
/// <param name="Checkpoint">Checkpoint of a run with the same algorithm and network shapes.</param>
/// <param name="Steps">Environment steps that the frozen policy flies before the first update; 5,000 as published.</param>
public sealed record WarmStart(string Checkpoint, long Steps)
{
    /// <summary>Reads the optional <c>warm_start</c> section of an algorithm; null where there is none.</summary>
    public static WarmStart? Read(ConfigMap algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.MapOrNull("warm_start") is not { } map)
            return null;
        string path = Path.GetFullPath(map.String("checkpoint"), algorithm.Document.Folder);
        if (!File.Exists(path))
            map.AddProblem("checkpoint", $"no such file: {path}");
        return new WarmStart(path, map.Integer("steps", 0, long.MaxValue, 5_000));
    }
}
