namespace Robotics.Experience;

/// <summary>What happened in one policy step, one bit each. Part of docs/formats/transition.md: append, never renumber.</summary>
[Flags]
public enum TransitionFlags : uint
{
    /// <summary>An ordinary step inside an episode.</summary>
    None = 0,

    /// <summary>The task ended here: the value of what follows is zero.</summary>
    Terminated = 1u << 0,

    /// <summary>A time limit or an outside reason cut the episode here: what follows has a value, which is bootstrapped.</summary>
    Truncated = 1u << 1,

    /// <summary>The record ends with the observation after this step. Set exactly on the last step of an episode.</summary>
    HasFinal = 1u << 2,

    /// <summary>A person took over with this step; the step before of the same episode, if any, was not a person's.</summary>
    InterventionOnset = 1u << 3,

    /// <summary>A person gave control back with this step; the step before of the same episode was a person's.</summary>
    HandBack = 1u << 4,

    /// <summary>The human action holds what a person gave (whether or not it was executed).</summary>
    HasHuman = 1u << 5,

    /// <summary>The proposed action holds what the policy gave (whether or not it was executed).</summary>
    HasProposed = 1u << 6,

    /// <summary>The privileged observation is known (simulator, motion capture).</summary>
    HasPrivileged = 1u << 7,

    /// <summary>The recorded reward was computed by the edge; without it the reward field is 0 and means nothing.</summary>
    HasReward = 1u << 8,

    /// <summary>A safety rule ended the episode (see the causes).</summary>
    EndedBySafety = 1u << 9,

    /// <summary>The task ended here in success; set only beside <see cref="Terminated"/>, which alone means failure.</summary>
    Succeeded = 1u << 10,

    /// <summary>A person ended the episode: by saying what it was worth, or by cutting it.</summary>
    EndedByPerson = 1u << 11,

    /// <summary>A person asked to record this episode again: none of its steps is to be learnt from. Set only on its last step.</summary>
    Discarded = 1u << 12,
}
