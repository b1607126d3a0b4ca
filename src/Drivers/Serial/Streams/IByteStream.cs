namespace Robotics.Drivers.Serial;

/// <summary>Bytes to and from a device: a serial line, a UDP or TCP peer, a pseudo-terminal or memory.</summary>
/// <remarks>One user thread. <see cref="TryRead"/> and <see cref="TryWrite"/> never block and never allocate, so they may be called
/// on the tick; <see cref="Wait"/> blocks and may not.</remarks>
public interface IByteStream : IDisposable
{
    /// <summary>The endpoint as the user wrote it, for messages.</summary>
    string Name { get; }

    /// <summary>Takes up to <paramref name="buffer"/>.Length bytes that have already arrived.</summary>
    StreamStatus TryRead(Span<byte> buffer, out int count);

    /// <summary>Hands over as many of <paramref name="bytes"/> as the link takes now; a datagram link takes all or none.</summary>
    StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Blocks until bytes can be read or <paramref name="timeoutMs"/> ms passed; false on time-out.</summary>
    bool Wait(int timeoutMs);
}
