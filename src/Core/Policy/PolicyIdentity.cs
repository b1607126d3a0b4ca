namespace Robotics.Core;

/// <summary>Which policy acted: the run, the learner's epoch, a counter within the epoch, and the content's hash.</summary>
/// <param name="Run">Identity of the training run (64 bits from its name and seed); 0 for none.</param>
/// <param name="Epoch">Grows by one each time a learner restarts from a checkpoint, so that a counter never repeats with other content.</param>
/// <param name="Counter">Grows by one with each policy published in an epoch; 0 is the freshly initialised network.</param>
/// <param name="ContentHash">First 8 bytes (little endian) of the SHA-256 of the bundle's content.</param>
public readonly record struct PolicyIdentity(ulong Run, uint Epoch, uint Counter, ulong ContentHash)
{
    /// <summary>No policy.</summary>
    public static PolicyIdentity None => default;

    /// <summary>True for any installed policy.</summary>
    public bool IsSome => ContentHash != 0 || Run != 0;

    /// <summary>True where this policy is a later one of the same run than <paramref name="other"/>.</summary>
    public bool IsNewerThan(PolicyIdentity other) =>
        Run == other.Run && (Epoch > other.Epoch || (Epoch == other.Epoch && Counter > other.Counter));

    /// <summary>For people: epoch.counter-hash.</summary>
    public override string ToString() => IsSome ? $"{Epoch}.{Counter}-{ContentHash:x16}" : "none";
}
