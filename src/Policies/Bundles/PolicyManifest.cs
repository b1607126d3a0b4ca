using Robotics.Core;

namespace Robotics.Policies;

/// <summary>What a bundle says about its policy. Written by the learner, checked by the edge, shown to people.</summary>
public sealed record PolicyManifest
{
    /// <summary>Name for people, for example the run's name. At most 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Run, learner epoch and counter. The content hash is not part of the manifest (it covers it) and is 0 here.</summary>
    public required PolicyIdentity Identity { get; init; }

    /// <summary>The policy it was derived from; <see cref="PolicyIdentity.None"/> for a freshly initialised or imported one.</summary>
    public PolicyIdentity Parent { get; init; }

    /// <summary>Wall time of publication, ISO 8601; a label only.</summary>
    public string Created { get; init; } = "";

    /// <summary>Hash of the observation and action description it was trained for.</summary>
    public required ulong SchemaHash { get; init; }

    /// <summary>Policy rate it was trained at, Hz.</summary>
    public required double PolicyRateHz { get; init; }

    /// <summary>Shape of the network; a normaliser is its first layer.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>Standard deviation of the Gaussian exploration the edge adds, normalised action units; 0 for none.</summary>
    public double ExplorationStd { get; init; }

    /// <summary>Experience it was trained on.</summary>
    public DataRange Data { get; init; }

    /// <summary>Evaluation score where one was measured (for the hover tasks: mean episode length in steps).</summary>
    public double? Score { get; init; }
}
