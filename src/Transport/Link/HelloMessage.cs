namespace Robotics.Transport;

/// <summary>Edge: who I am, what my records look like, what I have installed.</summary>
public readonly ref struct HelloMessage
{
    /// <summary>Longest schema description accepted, bytes.</summary>
    public const int MaxDescription = 1024;

    /// <summary>The robot.</summary>
    public ulong Robot { get; init; }

    /// <summary>The boot whose records will follow.</summary>
    public ulong Boot { get; init; }

    /// <summary>Drawn anew for each hello and repeated in the answer, so that a late answer to an older hello is not taken for this one's.</summary>
    public ulong Nonce { get; init; }

    /// <summary>Hash of <see cref="Schema"/>.</summary>
    public ulong SchemaHash { get; init; }

    /// <summary>The policy installed on the edge.</summary>
    public PolicyStamp Installed { get; init; }

    /// <summary>Canonical schema description (docs/formats/transition.md).</summary>
    public ReadOnlySpan<byte> Schema { get; init; }

    /// <summary>Form in which the edge would send records; an edge that says <see cref="LinkEncoding.Record"/> can do both.</summary>
    public LinkEncoding Encoding { get; init; }

    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer)
    {
        var w = new LinkWriter(buffer, LinkKind.Hello, 0);
        w.U64(Robot);
        w.U64(Boot);
        w.U64(Nonce);
        w.U64(SchemaHash);
        w.Stamp(Installed);
        w.U16((ushort)Schema.Length);
        w.Bytes(Schema);
        w.U8((byte)Encoding);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out HelloMessage message)
    {
        var r = new LinkReader(body);
        message = new HelloMessage
        {
            Robot = r.U64(),
            Boot = r.U64(),
            Nonce = r.U64(),
            SchemaHash = r.U64(),
            Installed = r.Stamp(),
            Schema = r.Bytes(r.U16()),
            Encoding = (LinkEncoding)r.U8(),
        };
        return r.IsWhole && message.Schema.Length <= MaxDescription && message.Encoding <= LinkEncoding.MessagePack;
    }
}
