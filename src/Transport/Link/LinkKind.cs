namespace Robotics.Transport;

/// <summary>What a frame of the link says. Numbers are part of docs/formats/link.md.</summary>
public enum LinkKind : byte
{
    /// <summary>Edge: who I am, what my records look like, what I have installed.</summary>
    Hello = 1,

    /// <summary>Learner: come in; send what follows this sequence.</summary>
    Welcome = 2,

    /// <summary>Learner: no, and why.</summary>
    Refuse = 3,

    /// <summary>Edge: records.</summary>
    Data = 4,

    /// <summary>Learner: what is persisted, what is ingested, how far the edge may run.</summary>
    Progress = 5,

    /// <summary>Learner: something between was lost; send again from here.</summary>
    Resend = 6,

    /// <summary>Learner: there is a newer policy.</summary>
    PolicyAnnounce = 7,

    /// <summary>Edge: send me this piece of it.</summary>
    PolicyRequest = 8,

    /// <summary>Learner: a piece of a policy bundle.</summary>
    PolicyChunk = 9,

    /// <summary>Edge: still here.</summary>
    Heartbeat = 10,

    /// <summary>Learner: still here, too.</summary>
    HeartbeatReply = 11,

    /// <summary>Edge: this policy was refused or given up, and why.</summary>
    PolicyReport = 12,
}
