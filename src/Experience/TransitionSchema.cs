using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Robotics.Experience;

/// <summary>Shape of the transitions of one task: what decides the length of a record and who may read it. Immutable.</summary>
/// <remarks>Both ends of a link compare <see cref="Hash"/>; its canonical bytes are in docs/formats/transition.md.</remarks>
public sealed class TransitionSchema : IEquatable<TransitionSchema>
{
    /// <summary>Most float values one part of a record may have. Origin: twice the largest observation of the published recipes, rounded up far; keeps a record under the link's largest frame.</summary>
    public const int MaxFloats = 65_536;

    /// <summary>Most image bytes of one step. Origin: two 512 x 512 x 3 cameras; the final copy still fits the link's largest frame (8 MiB).</summary>
    public const int MaxImageBytes = 1_572_864;

    /// <summary>Longest task name in UTF-8 bytes.</summary>
    public const int MaxTaskName = 64;

    /// <summary>Length of the canonical description without the task's name, bytes.</summary>
    internal const int DescriptionFixedLength = 34;

    private readonly byte[] _description;

    /// <summary>Describes the transitions of a task.</summary>
    /// <param name="task">Name of the task, for people.</param>
    /// <param name="taskHash">Hash of the task's canonical observation and action description.</param>
    /// <param name="frameLength">Values of one observation frame, without action history.</param>
    /// <param name="privilegedLength">Values of the privileged observation, 0 where there is none.</param>
    /// <param name="actionLength">Values of one action.</param>
    /// <param name="historyLength">Executed actions that the policy sees besides the frame; never stored twice, rebuilt from the records.</param>
    /// <param name="imageBytes">Bytes of all images of one step, stored as given; 0 where there are none.</param>
    /// <exception cref="ArgumentException">A length is out of range, or the name is too long: our own mistake.</exception>
    public TransitionSchema(
        string task, ulong taskHash, int frameLength, int privilegedLength, int actionLength, int historyLength, int imageBytes = 0)
    {
        if (!IsValid(frameLength, privilegedLength, actionLength, historyLength, imageBytes))
            throw new ArgumentException($"schema out of range: frame {frameLength}, privileged {privilegedLength}, action {actionLength}, history {historyLength}, image bytes {imageBytes}; limits {MaxFloats} values, {MaxImageBytes} image bytes");
        Task = task ?? throw new ArgumentNullException(nameof(task));
        TaskHash = taskHash;
        FrameLength = frameLength;
        PrivilegedLength = privilegedLength;
        ActionLength = actionLength;
        HistoryLength = historyLength;
        ImageBytes = imageBytes;
        _description = Describe();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_description, digest);
        Hash = BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    /// <summary>Name of the task.</summary>
    public string Task { get; }

    /// <summary>Hash of the task's canonical observation and action description.</summary>
    public ulong TaskHash { get; }

    /// <summary>Values of one observation frame, without action history.</summary>
    public int FrameLength { get; }

    /// <summary>Values of the privileged observation, 0 where there is none.</summary>
    public int PrivilegedLength { get; }

    /// <summary>Values of one action.</summary>
    public int ActionLength { get; }

    /// <summary>Executed actions that the policy sees besides the frame.</summary>
    public int HistoryLength { get; }

    /// <summary>Bytes of all images of one step.</summary>
    public int ImageBytes { get; }

    /// <summary>First 8 bytes, little endian, of the SHA-256 of <see cref="Description"/>.</summary>
    public ulong Hash { get; }

    /// <summary>The canonical bytes that travel in the hello and in every segment header.</summary>
    public ReadOnlySpan<byte> Description => _description;

    /// <summary>Length of a record inside an episode, bytes.</summary>
    public int RecordLength => TransitionCodec.HeaderLength + StepLength + (3 * ActionLength * sizeof(float)) + TransitionCodec.ChecksumLength;

    /// <summary>Length of the last record of an episode, which carries the final observation, bytes. The longest a record can be.</summary>
    public int FinalRecordLength => RecordLength + StepLength;

    private int StepLength => ((FrameLength + PrivilegedLength) * sizeof(float)) + ImageBytes;

    /// <summary>Reads a description that somebody else wrote.</summary>
    /// <returns>False where it is not one, or out of range.</returns>
    public static bool TryParse(ReadOnlySpan<byte> description, out TransitionSchema? schema)
    {
        schema = null;
        if (description.Length < DescriptionFixedLength || description.Length > DescriptionFixedLength + MaxTaskName)
            return false;
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(description[32..]);
        if (nameLength != description.Length - DescriptionFixedLength)
            return false;
        Span<int> lengths = stackalloc int[6];
        for (int i = 0; i < lengths.Length; i++)
            lengths[i] = BinaryPrimitives.ReadInt32LittleEndian(description[(i * sizeof(int))..]);
        string name = Encoding.UTF8.GetString(description[DescriptionFixedLength..]);
        if (lengths[5] != 0 || !IsValid(lengths[0], lengths[1], lengths[2], lengths[3], lengths[4])
            || Encoding.UTF8.GetByteCount(name) != nameLength)
        {
            return false;
        }
        ulong taskHash = BinaryPrimitives.ReadUInt64LittleEndian(description[24..]);
        schema = new TransitionSchema(name, taskHash, lengths[0], lengths[1], lengths[2], lengths[3], lengths[4]);
        return schema.Description.SequenceEqual(description);
    }

    /// <inheritdoc/>
    public bool Equals(TransitionSchema? other) => other is not null && Description.SequenceEqual(other.Description);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TransitionSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>For people: name, lengths and hash.</summary>
    public override string ToString() =>
        $"{Task} (frame {FrameLength}, privileged {PrivilegedLength}, action {ActionLength}, history {HistoryLength}, images {ImageBytes} B, hash {Hash:x16})";

    private static bool IsValid(int frame, int privileged, int action, int history, int images) =>
        frame is > 0 and <= MaxFloats && privileged is >= 0 and <= MaxFloats && action is > 0 and <= 64
        && history is >= 0 and <= 4096 && images is >= 0 and <= MaxImageBytes;

    private byte[] Describe()
    {
        byte[] name = Encoding.UTF8.GetBytes(Task);
        if (name.Length > MaxTaskName)
            throw new ArgumentException($"task name '{Task}' has {name.Length} bytes; limit {MaxTaskName}");
        var bytes = new byte[DescriptionFixedLength + name.Length];
        int[] lengths = [FrameLength, PrivilegedLength, ActionLength, HistoryLength, ImageBytes, 0];
        for (int i = 0; i < lengths.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), lengths[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), TaskHash);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(32), (ushort)name.Length);
        name.CopyTo(bytes.AsSpan(DescriptionFixedLength));
        return bytes;
    }
}
