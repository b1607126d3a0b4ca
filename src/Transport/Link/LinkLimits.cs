namespace Robotics.Transport;

/// <summary>Limits of the link protocol that both ends share; part of docs/formats/link.md.</summary>
public static class LinkLimits
{
    /// <summary>Version of the protocol. A peer with another one is refused with a reason.</summary>
    public const ushort ProtocolVersion = 2;

    /// <summary>Longest frame, bytes: the longest transition with room for a batch header.</summary>
    public const int MaxFrameBytes = 8 * 1024 * 1024;

    /// <summary>Longest policy bundle, bytes. A 3 x 256 actor has 1 MB; far beyond any network that flies inside the control process.</summary>
    public const int MaxPolicyBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of a policy chunk: a bundle is hashed on the edge while its next chunks are on their way, so that a chunk is what is not overlapped.</summary>
    public const int PolicyChunkBytes = 64 * 1024;

    /// <summary>Most bytes of records that the edge puts into one data frame.</summary>
    public const int DataFrameBytes = 256 * 1024;

    /// <summary>Longest reason text, bytes.</summary>
    public const int MaxReasonBytes = 512;
}
