namespace Robotics.Transport;

/// <summary>The learner's end of a link: frames from and to many edges. Never blocks except in <see cref="Wait"/>; one thread.</summary>
public interface ILearnerChannel : IDisposable
{
    /// <summary>Sends a frame to one edge; false where it has gone or is not reading.</summary>
    bool TrySend(PeerAddress peer, ReadOnlySpan<byte> frame);

    /// <summary>Receives a frame, valid until the next call; false where there is none.</summary>
    /// <param name="peer">Where to answer.</param>
    /// <param name="user">Name of the peer's key as the allow-list has it, UTF-8; empty where peers are not authenticated.</param>
    /// <param name="frame">The bytes.</param>
    bool TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> frame);

    /// <summary>Waits until something can be received, at most <paramref name="timeoutMs"/>.</summary>
    void Wait(int timeoutMs);
}
