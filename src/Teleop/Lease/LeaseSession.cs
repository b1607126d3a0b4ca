namespace Robotics.Teleop;

/// <summary>One person at one node, as the lease's keeper knows them.</summary>
public sealed class LeaseSession
{
    private readonly float[] _motions;

    internal LeaseSession(ulong id, ulong nonce, string person, byte priority, int motions)
    {
        Id = id;
        Nonce = nonce;
        Operator = person;
        Priority = priority;
        _motions = new float[motions];
    }

    /// <summary>Drawn by the node at its start.</summary>
    public ulong Id { get; }

    /// <summary>Drawn by the keeper for this session.</summary>
    public ulong Nonce { get; }

    /// <summary>Who it is.</summary>
    public string Operator { get; }

    /// <summary>The higher one wins.</summary>
    public byte Priority { get; }

    /// <summary>How the lease stands.</summary>
    public LeaseState State { get; internal set; }

    /// <summary>Frames that counted.</summary>
    public uint Accepted { get; internal set; }

    /// <summary>Frames that did not.</summary>
    public uint Refused { get; internal set; }

    /// <summary>Why the last one did not.</summary>
    public FrameVerdict LastRefusal { get; internal set; }

    /// <summary>Time of the last frame that counted, ns.</summary>
    public long LastNs { get; internal set; } = long.MinValue;

    /// <summary>When the lease ends unless it is renewed, ns.</summary>
    public long ExpiresNs { get; internal set; } = long.MinValue;

    /// <summary>What the person asked for last, each in [-1, 1].</summary>
    public Span<float> Motions => _motions;

    internal ulong Sequence { get; set; }

    internal uint Actions { get; set; }

    internal bool SwitchHeld { get; set; }

    internal long UnbrokenSinceNs { get; set; } = long.MinValue;
}
