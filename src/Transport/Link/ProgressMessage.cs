namespace Robotics.Transport;

/// <summary>Learner: cumulative acknowledgement. Only <paramref name="Persisted"/> may be forgotten by the edge.</summary>
/// <param name="Persisted">Greatest sequence that is on the learner's disk.</param>
/// <param name="Ingested">Greatest sequence that the learner has taken in.</param>
/// <param name="Granted">Sequence up to which the edge may run in lockstep; all ones for no limit.</param>
public readonly record struct ProgressMessage(ulong Persisted, ulong Ingested, ulong Granted)
{
    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.Progress, session);
        w.U64(Persisted);
        w.U64(Ingested);
        w.U64(Granted);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ProgressMessage message)
    {
        var r = new LinkReader(body);
        message = new ProgressMessage(r.U64(), r.U64(), r.U64());
        return r.IsWhole && message.Persisted <= message.Ingested;
    }
}
