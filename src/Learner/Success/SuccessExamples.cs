using Robotics.Experience;

namespace Robotics.Learner.Success;

/// <summary>Frames with the answer to "is this success?", from stored episodes that somebody judged.</summary>
/// <remarks>Positive is the observation after the last step of an episode that ended in success. Negative is every frame of any episode but
/// those of the last steps before a success, which may already look like it, and the last observation of a failure. Episodes that a person
/// asked to record again are left out whole.</remarks>
public sealed class SuccessExamples
{
    private readonly List<float[]> _positive = [];
    private readonly List<float[]> _negative = [];

    /// <summary>Examples of frames of <paramref name="frameLength"/> values.</summary>
    public SuccessExamples(int frameLength) => FrameLength = frameLength;

    /// <summary>Values of a frame.</summary>
    public int FrameLength { get; }

    /// <summary>Frames of success.</summary>
    public IReadOnlyList<float[]> Positive => _positive;

    /// <summary>Frames of anything else.</summary>
    public IReadOnlyList<float[]> Negative => _negative;

    /// <summary>Adds an example.</summary>
    public void Add(bool success, ReadOnlySpan<float> frame) => (success ? _positive : _negative).Add(frame.ToArray());

    /// <summary>Collects all streams below <paramref name="root"/>: an edge's spool or a learner's store.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="doubtfulSteps">Steps before a success that count as neither.</param>
    /// <exception cref="SpoolException">The folder holds no readable stream.</exception>
    public static SuccessExamples Read(string root, int doubtfulSteps)
    {
        SuccessExamples? examples = null;
        foreach (SpoolStream stream in SpoolStream.List(root))
        {
            if (TrySchema(root, stream) is not { } schema)
                continue;
            examples ??= new SuccessExamples(schema.FrameLength);
            if (schema.FrameLength != examples.FrameLength)
                throw new SpoolException($"{root}: stream {stream} has frames of {schema.FrameLength} values, another one {examples.FrameLength}: train on one task at a time");
            using SpoolReader reader = SpoolReader.Open(root, stream, schema);
            examples.AddStream(reader, schema, doubtfulSteps);
        }
        return examples ?? throw new SpoolException($"{root} holds no recorded stream: record some episodes first");
    }

    // A start that ended before its first record has nothing to tell.
    private static TransitionSchema? TrySchema(string root, SpoolStream stream)
    {
        try
        {
            return SpoolVerifier.SchemaOf(root, stream);
        }
        catch (SpoolException)
        {
            return null;
        }
    }

    private void AddStream(SpoolReader reader, TransitionSchema schema, int doubtfulSteps)
    {
        var record = new TransitionRecord(schema);
        var episode = new List<float[]>();
        ulong number = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> bytes, out _))
        {
            if (TransitionCodec.TryDecode(bytes, record, out _) != DecodeStatus.Ok)
                continue;
            if (record.Episode != number)
                episode.Clear(); // the one before was cut off without an end
            number = record.Episode;
            episode.Add(record.Frame.ToArray());
            if (!record.HasFinal)
                continue;
            AddEpisode(episode, record, doubtfulSteps);
            episode.Clear();
        }
    }

    private void AddEpisode(List<float[]> frames, TransitionRecord last, int doubtfulSteps)
    {
        if (last.Flags.HasFlag(TransitionFlags.Discarded))
            return;
        bool success = last.Flags.HasFlag(TransitionFlags.Succeeded);
        Add(success, last.FinalFrame);
        _negative.AddRange(frames.Take(success ? Math.Max(0, frames.Count - doubtfulSteps) : frames.Count));
    }
}
