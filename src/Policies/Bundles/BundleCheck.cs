namespace Robotics.Policies;

/// <summary>The check a bundle failed. Numbers travel between edge and learner: append, never renumber.</summary>
public enum BundleCheck : byte
{
    /// <summary>None: nothing was refused.</summary>
    None = 0,

    /// <summary>A length that its bytes do not have, or that is over its limit.</summary>
    Length = 1,

    /// <summary>Not a bundle at all.</summary>
    Magic = 2,

    /// <summary>A version of the format this build does not know.</summary>
    FormatVersion = 3,

    /// <summary>The SHA-256 over the content differs.</summary>
    Digest = 4,

    /// <summary>The manifest is not the JSON it must be.</summary>
    Manifest = 5,

    /// <summary>The layers do not make a network.</summary>
    Network = 6,

    /// <summary>The safetensors part does not hold exactly the network's tensors.</summary>
    Weights = 7,

    /// <summary>The golden vectors have another shape than the network.</summary>
    GoldenShape = 8,

    /// <summary>A parameter or a golden value is NaN or infinite.</summary>
    Finite = 9,

    /// <summary>The signature block is malformed.</summary>
    SignatureForm = 10,

    /// <summary>A signature is required and there is none.</summary>
    Unsigned = 11,

    /// <summary>Signed by nobody we trust.</summary>
    Signer = 12,

    /// <summary>The signature does not match the content.</summary>
    Signature = 13,

    /// <summary>Trained for another observation or action description.</summary>
    Schema = 14,

    /// <summary>Observation or action of another length than the task's.</summary>
    Shape = 15,

    /// <summary>Trained at another policy rate.</summary>
    Rate = 16,

    /// <summary>A parameter is absurdly large.</summary>
    Magnitude = 17,

    /// <summary>The network does not answer its golden vectors as the learner did.</summary>
    GoldenOutput = 18,

    /// <summary>One forward pass takes longer than the budget on this machine.</summary>
    InferenceTime = 19,

    /// <summary>Larger than the memory the control process set aside.</summary>
    Capacity = 20,

    /// <summary>Not newer than what is installed.</summary>
    Version = 21,

    /// <summary>Another run than the one installed.</summary>
    Run = 22,

    /// <summary>Acts too differently from the installed policy on observations seen lately.</summary>
    ActionDifference = 23,

    /// <summary>Diverged from the installed policy while it ran without authority.</summary>
    Shadow = 24,

    /// <summary>A safety trip or a rise of interventions while it was on probation.</summary>
    Canary = 25,

    /// <summary>Another policy is pinned.</summary>
    Pinned = 26,

    /// <summary>A file could not be read or written.</summary>
    Storage = 27,

    /// <summary>This robot refused it before, in shadow or on probation, or a person rolled it back.</summary>
    RefusedBefore = 28,

    /// <summary>What was announced and what came are two policies.</summary>
    Announced = 29,

    /// <summary>A rise of the share of episodes that end in the task's failure while it was on probation.</summary>
    TaskFailure = 30,
}
