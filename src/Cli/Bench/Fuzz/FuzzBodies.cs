using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>The body of each message of the link, without the envelope: every mutation reaches its decoder.</summary>
internal static class FuzzBodies
{
    /// <summary>All kinds of docs/formats/link.md.</summary>
    public static IEnumerable<FuzzTarget> All()
    {
        var hash = new byte[32];
        yield return Body("hello", new HelloMessage { Robot = 7, Boot = 1, Nonce = 1, Schema = FuzzTargets.Schema.Description, SchemaHash = FuzzTargets.Schema.Hash }.Write(Buffer()), b => HelloMessage.TryRead(b, out _));
        yield return Body("welcome", new WelcomeMessage(1, 1, 2, 2, 3, 4, 5).Write(Buffer(), 1), b => WelcomeMessage.TryRead(b, out _));
        yield return Body("refuse", new RefuseMessage { Text = "no"u8 }.Write(Buffer(), 1), b => RefuseMessage.TryRead(b, out _));
        yield return Body("data", Data(), b => DataMessage.TryRead(b, out _));
        yield return Body("acknowledgement (progress)", new ProgressMessage(1, 2, 3).Write(Buffer(), 1), b => ProgressMessage.TryRead(b, out _));
        yield return Body("resend", new ResendMessage(1).Write(Buffer(), 1), b => ResendMessage.TryRead(b, out _));
        yield return Body("policy announce", new PolicyAnnounceMessage { Size = 5, Hash = hash }.Write(Buffer(), 1), b => PolicyAnnounceMessage.TryRead(b, out _));
        yield return Body("policy request", new PolicyRequestMessage { Hash = hash }.Write(Buffer(), 1), b => PolicyRequestMessage.TryRead(b, out _));
        yield return Body("policy chunk", new PolicyChunkMessage { Hash = hash, Bytes = [1, 2, 3] }.Write(Buffer(), 1), b => PolicyChunkMessage.TryRead(b, out _));
        yield return Body("heartbeat", new HeartbeatMessage(1, 2, default).Write(Buffer(), 1), b => HeartbeatMessage.TryRead(b, out _));
        yield return Body("policy report", new PolicyReportMessage { Check = 3, Text = "too slow"u8 }.Write(Buffer(), 1), b => PolicyReportMessage.TryRead(b, out _));
    }

    /// <summary>A data frame of session <paramref name="session"/> with three records.</summary>
    public static byte[] Data(uint session = 1)
    {
        byte[] records = FuzzTargets.Records(3);
        var frame = new byte[DataMessage.HeaderLength + records.Length + LinkFrame.ChecksumLength];
        records.CopyTo(frame, DataMessage.HeaderLength);
        return DataMessage.Finish(frame, session, previous: 0, count: 3, records.Length).ToArray();
    }

    private static byte[] Buffer() => new byte[2048];

    private static FuzzTarget Body(string kind, ReadOnlySpan<byte> frame, FuzzDecode decode) =>
        new($"body: {kind}", frame[LinkFrame.HeaderLength..^LinkFrame.ChecksumLength].ToArray(), decode, HasChecksum: false);
}
