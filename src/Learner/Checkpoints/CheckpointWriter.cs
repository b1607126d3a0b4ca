using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Checkpoints;

/// <summary>Collects a checkpoint in memory and commits it to disk whole.</summary>
internal sealed class CheckpointWriter
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly byte[] _fingerprint;

    public CheckpointWriter(string fingerprint) => _fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint));

    public void Write(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _body.Write(bytes);
    }

    public void Write(AlignedBuffer buffer)
    {
        Write(buffer.Length);
        _body.Write(MemoryMarshal.AsBytes(buffer.Span));
    }

    public void Write(SeededRandom random)
    {
        Span<ulong> state = stackalloc ulong[SeededRandom.StateLength];
        random.SaveState(state);
        _body.Write(MemoryMarshal.AsBytes(state));
    }

    public void Write(GaussianNoise noise)
    {
        Span<uint> state = stackalloc uint[GaussianNoise.StateLength];
        noise.SaveState(state);
        _body.Write(MemoryMarshal.AsBytes(state));
    }

    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk, then renames over it.</summary>
    public void Commit(string path)
    {
        string temporary = path + ".part";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            Span<byte> header = stackalloc byte[CheckpointFormat.HeaderLength];
            BinaryPrimitives.WriteUInt32LittleEndian(header, CheckpointFormat.Magic);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], CheckpointFormat.Version);
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], _body.WrittenCount);
            _fingerprint.CopyTo(header[16..]);
            ReadOnlySpan<byte> body = _body.WrittenSpan;
            file.Write(header);
            file.Write(body);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            digest.AppendData(header);
            digest.AppendData(body);
            file.Write(digest.GetHashAndReset());
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
