namespace Robotics.Policies;

/// <summary>What <see cref="BundleHasher"/> found; a copy of its own.</summary>
public sealed class BundleHashes
{
    private readonly byte[] _file;
    private readonly byte[] _content;

    internal BundleHashes(ReadOnlySpan<byte> file, long contentLength, ReadOnlySpan<byte> content)
    {
        _file = file.ToArray();
        _content = content.ToArray();
        ContentLength = contentLength;
    }

    /// <summary>SHA-256 of all bytes.</summary>
    public ReadOnlySpan<byte> File => _file;

    /// <summary>SHA-256 of the first <see cref="ContentLength"/> bytes; empty where they do not begin as a bundle.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <summary>Bytes that <see cref="Content"/> covers.</summary>
    public long ContentLength { get; }
}
