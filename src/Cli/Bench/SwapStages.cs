namespace Robotics.Cli.Bench;

/// <summary>When one version passed each stage on its way to control, monotonic ns.</summary>
internal sealed class SwapStages
{
    /// <summary>The learner began to publish it.</summary>
    public long PublishedNs { get; set; }

    /// <summary>It was whole on the edge, its hash proven.</summary>
    public long DownloadedNs { get; set; }

    /// <summary>The bundle was read: digest, manifest, tensors, finite.</summary>
    public long ReadNs { get; set; }

    /// <summary>It had passed the gate.</summary>
    public long CheckedNs { get; set; }

    /// <summary>It lay in shared memory.</summary>
    public long PutNs { get; set; }
}
