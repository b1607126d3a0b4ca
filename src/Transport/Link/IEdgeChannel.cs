namespace Robotics.Transport;

/// <summary>The edge's end of a link: frames to one learner and back. Never blocks except in <see cref="Wait"/>; one thread.</summary>
public interface IEdgeChannel : IDisposable
{
    /// <summary>Grows with each connection that was made; a session of before is over then.</summary>
    long Connections { get; }

    /// <summary>Why there is no connection, in words; empty where nothing is known to be wrong.</summary>
    string Trouble { get; }

    /// <summary>Sends a frame; false where it cannot be taken now.</summary>
    bool TrySend(ReadOnlySpan<byte> frame);

    /// <summary>Receives a frame, valid until the next call; false where there is none.</summary>
    bool TryReceive(out ReadOnlySpan<byte> frame);

    /// <summary>Waits until something can be received, at most <paramref name="timeoutMs"/>.</summary>
    void Wait(int timeoutMs);
}
