namespace Robotics.Transport;

/// <summary>Learner: come in; send what follows <paramref name="Received"/>.</summary>
/// <param name="Nonce">The hello's.</param>
/// <param name="Boot">The boot it is about.</param>
/// <param name="Received">Greatest sequence the learner has of this boot; resume behind it.</param>
/// <param name="Persisted">Greatest sequence that survives anything.</param>
/// <param name="Granted">Sequence up to which the edge may run in lockstep; all ones for no limit.</param>
/// <param name="Run">Identity of the training run.</param>
/// <param name="Epoch">Learner epoch.</param>
/// <param name="Encoding">Form in which the learner wants the records.</param>
public readonly record struct WelcomeMessage(ulong Nonce, ulong Boot, ulong Received, ulong Persisted, ulong Granted, ulong Run, uint Epoch, LinkEncoding Encoding = LinkEncoding.Record)
{
    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.Welcome, session);
        w.U64(Nonce);
        w.U64(Boot);
        w.U64(Received);
        w.U64(Persisted);
        w.U64(Granted);
        w.U64(Run);
        w.U32(Epoch);
        w.U8((byte)Encoding);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out WelcomeMessage message)
    {
        var r = new LinkReader(body);
        message = new WelcomeMessage(r.U64(), r.U64(), r.U64(), r.U64(), r.U64(), r.U64(), r.U32(), (LinkEncoding)r.U8());
        return r.IsWhole && message.Persisted <= message.Received && message.Encoding <= LinkEncoding.MessagePack;
    }
}
