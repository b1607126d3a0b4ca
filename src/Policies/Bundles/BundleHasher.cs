using System.Security.Cryptography;

namespace Robotics.Policies;

/// <summary>Both SHA-256 of a bundle in one pass over its bytes, in whatever pieces they come: of the content, which the bundle's own digest
/// must equal, and of the whole file, by which a link names it.</summary>
/// <remarks>A downloader that hashes while it waits for the next piece hands the result on, so that the reader need not hash again.
/// Bytes that do not begin as a bundle have a file hash only. One thread.</remarks>
public sealed class BundleHasher : IDisposable
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _header = new byte[BundleFrame.HeaderLength];
    private readonly byte[] _content = new byte[BundleFrame.DigestLength];
    private readonly byte[] _file = new byte[BundleFrame.DigestLength];
    private long _length;
    private long _contentLength;

    /// <summary>Forgets all bytes.</summary>
    public void Reset()
    {
        _sha.GetHashAndReset(_file);
        _length = _contentLength = 0;
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = (int)Math.Min(bytes.Length, NextMark() - _length);
            AppendPart(bytes[..count]);
            bytes = bytes[count..];
        }
    }

    /// <summary>Ends: the hashes of what was appended. Begins anew.</summary>
    public BundleHashes Finish()
    {
        bool hasContent = _contentLength > 0 && _length >= _contentLength;
        _sha.GetHashAndReset(_file);
        var hashes = new BundleHashes(_file, hasContent ? _contentLength : 0, hasContent ? _content : []);
        _length = _contentLength = 0;
        return hashes;
    }

    /// <inheritdoc/>
    public void Dispose() => _sha.Dispose();

    // Where something is to be looked at next: the end of the header, then the end of the content.
    private long NextMark() =>
        _length < _header.Length ? _header.Length
        : _length < _contentLength ? _contentLength
        : long.MaxValue;

    private void AppendPart(ReadOnlySpan<byte> bytes)
    {
        if (_length < _header.Length)
            bytes.CopyTo(_header.AsSpan((int)_length));
        _sha.AppendData(bytes);
        _length += bytes.Length;
        if (_length == _header.Length)
            _contentLength = BundleFrame.ContentLengthOf(_header);
        if (_length == _contentLength)
            _sha.GetCurrentHash(_content);
    }
}
