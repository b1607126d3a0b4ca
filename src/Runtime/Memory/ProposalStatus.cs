namespace Robotics.Runtime.Memory;

/// <summary>What became of a frame from the proposal mailbox. Everything but <see cref="Ok"/> and <see cref="Withdrawn"/> counts as refused.</summary>
public enum ProposalStatus : byte
{
    /// <summary>Taken: it is applied until its deadline, its lease or the hold time ends it.</summary>
    Ok = 0,

    /// <summary>The source says that it has nothing to propose any more.</summary>
    Withdrawn = 1,

    /// <summary>Not a frame: wrong size, unknown unit or kind, more values than a frame holds.</summary>
    Malformed = 2,

    /// <summary>Meant for another start of the control process: left in memory by an earlier flight.</summary>
    OtherBoot = 3,

    /// <summary>The lane belongs to another kind of source.</summary>
    OtherKind = 4,

    /// <summary>The sequence did not grow: a repeated or reordered frame.</summary>
    Repeated = 5,

    /// <summary>Not as many values as the robot or the task has.</summary>
    WrongLength = 6,

    /// <summary>It answers a sample of the future: its writer does not share this machine's clock.</summary>
    FutureSample = 7,

    /// <summary>Its deadline or its lease was over when control first saw it.</summary>
    Late = 8,
}
