namespace Robotics.Learner.Checkpoints;

/// <summary>The outer layout of a checkpoint file; docs/formats/checkpoint.md tells it byte by byte.</summary>
internal static class CheckpointFormat
{
    public const uint Magic = 0x504B4352; // "RCKP", little endian
    public const uint Version = 1;
    public const int HeaderLength = 48; // magic, version, body length (8), SHA-256 of the run's fingerprint (32)
    public const int DigestLength = 32;

    /// <summary>1 GiB: far above any network trained here; keeps a hostile length from being believed.</summary>
    public const long MaxBytes = 1L << 30;
}
