namespace Robotics.Transport;

/// <summary>Why a learner does not take a peer or a frame. Numbers are part of docs/formats/link.md.</summary>
public enum LinkRefusal : ushort
{
    /// <summary>Nothing is refused.</summary>
    None = 0,

    /// <summary>The peer speaks another version of the protocol.</summary>
    ProtocolVersion = 1,

    /// <summary>The robot is not on the allow-list, or its key belongs to another robot.</summary>
    UnknownRobot = 2,

    /// <summary>The records have another schema than the learner's task.</summary>
    Schema = 3,

    /// <summary>The learner does not know the session (it was restarted, or forgot a silent peer): say hello again.</summary>
    UnknownSession = 4,

    /// <summary>The robot or the learner has used up its share.</summary>
    Quota = 5,

    /// <summary>The learner's store cannot take the stream.</summary>
    Store = 6,

    /// <summary>The hello itself is not one.</summary>
    Malformed = 7,
}
