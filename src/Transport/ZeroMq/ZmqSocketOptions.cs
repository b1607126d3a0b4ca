namespace Robotics.Transport;

/// <summary>Everything a socket must know before it is bound or connected; libzmq ignores most of it afterwards.</summary>
public sealed record ZmqSocketOptions
{
    /// <summary>Messages that may wait for the network before sending refuses.</summary>
    public int SendHighWater { get; init; } = 64;

    /// <summary>Messages that may wait to be received before the sender is held back.</summary>
    public int ReceiveHighWater { get; init; } = 64;

    /// <summary>Longest frame accepted from the network, bytes; a longer one ends the connection before it is stored.</summary>
    public long MaxMessageBytes { get; init; } = LinkLimits.MaxFrameBytes;

    /// <summary>First pause before connecting again, ms; doubles up to <see cref="ReconnectMaxMs"/>.</summary>
    public int ReconnectMs { get; init; } = 50;

    /// <summary>Longest pause before connecting again, ms.</summary>
    public int ReconnectMaxMs { get; init; } = 2000;

    /// <summary>How long closing may wait for what is still to be sent, ms.</summary>
    public int LingerMs { get; init; }

    /// <summary>Own keys; null leaves the connection in clear and unauthenticated.</summary>
    public CurveKeyPair? Keys { get; init; }

    /// <summary>The server's public key: set on a client with <see cref="Keys"/>.</summary>
    public string? ServerPublicKey { get; init; }

    /// <summary>Asks the <see cref="ZapAuthenticator"/> of the context for every client: set on a server with <see cref="Keys"/>.</summary>
    public bool Authenticate { get; init; }
}
