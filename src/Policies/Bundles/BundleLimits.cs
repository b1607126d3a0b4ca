namespace Robotics.Policies;

/// <summary>How much an untrusted bundle may ask for, checked before anything is allocated.</summary>
/// <param name="MaxBytes">Most bytes of the whole file.</param>
/// <param name="MaxManifestBytes">Most bytes of the manifest; ours take below 2 kB.</param>
/// <param name="MaxTensorHeaderBytes">Most bytes of the safetensors header; ours take below 8 kB for 32 layers.</param>
/// <param name="MaxGoldenBytes">Most bytes of golden vectors; ours take 8 steps.</param>
public sealed record BundleLimits(
    long MaxBytes = 256L << 20,
    int MaxManifestBytes = 64 << 10,
    int MaxTensorHeaderBytes = 64 << 10,
    int MaxGoldenBytes = 16 << 20
)
{
    /// <summary>For anything that comes from outside.</summary>
    public static BundleLimits Untrusted { get; } = new();
}
