using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Checkpoints;

/// <summary>Reads back what <see cref="CheckpointWriter"/> wrote, after checking all of it.</summary>
/// <remarks>The fingerprint fixes every length, so a file that passed the checks has exactly the expected parts.</remarks>
internal sealed class CheckpointReader
{
    private readonly byte[] _body;
    private int _at;

    private CheckpointReader(byte[] body) => _body = body;

    /// <summary>Opens a checkpoint of whatever run; its parts' lengths are then checked one by one.</summary>
    public static CheckpointStatus TryOpenAny(string path, out CheckpointReader? reader) => TryOpen(path, null, out reader);

    public static CheckpointStatus TryOpen(string path, string? fingerprint, out CheckpointReader? reader)
    {
        reader = null;
        var info = new FileInfo(path);
        if (!info.Exists)
            return CheckpointStatus.Missing;
        if (info.Length is < CheckpointFormat.HeaderLength + CheckpointFormat.DigestLength or > CheckpointFormat.MaxBytes)
            return CheckpointStatus.Damaged;
        byte[] all = File.ReadAllBytes(path);
        CheckpointStatus status = Check(all, fingerprint is null ? default : SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));
        if (status == CheckpointStatus.Ok)
            reader = new CheckpointReader(all[CheckpointFormat.HeaderLength..^CheckpointFormat.DigestLength]);
        return status;
    }

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public void Read(AlignedBuffer buffer)
    {
        if (ReadInt64() != buffer.Length)
            throw new InvalidDataException("a checkpoint with a valid hash and fingerprint has a part of another length: written by a defective program");
        MemoryMarshal.Cast<byte, float>(Take(checked((int)buffer.Length * sizeof(float)))).CopyTo(buffer.Span);
    }

    public void Read(SeededRandom random) => random.RestoreState(MemoryMarshal.Cast<byte, ulong>(Take(SeededRandom.StateLength * sizeof(ulong))));

    public void Read(GaussianNoise noise) => noise.RestoreState(MemoryMarshal.Cast<byte, uint>(Take(GaussianNoise.StateLength * sizeof(uint))));

    private static CheckpointStatus Check(ReadOnlySpan<byte> all, ReadOnlySpan<byte> fingerprint)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(all) != CheckpointFormat.Magic)
            return CheckpointStatus.Damaged;
        if (BinaryPrimitives.ReadUInt32LittleEndian(all[4..]) != CheckpointFormat.Version)
            return CheckpointStatus.OtherVersion;
        long body = all.Length - CheckpointFormat.HeaderLength - CheckpointFormat.DigestLength;
        bool whole =
            BinaryPrimitives.ReadInt64LittleEndian(all[8..]) == body
            && SHA256.HashData(all[..^CheckpointFormat.DigestLength]).AsSpan().SequenceEqual(all[^CheckpointFormat.DigestLength..]);
        if (!whole)
            return CheckpointStatus.Damaged;
        return all.Slice(16, fingerprint.Length).SequenceEqual(fingerprint) ? CheckpointStatus.Ok : CheckpointStatus.OtherRun;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        _at += length;
        return _body.AsSpan(_at - length, length);
    }
}
