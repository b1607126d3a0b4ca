namespace Robotics.Experience;

/// <summary>Which transition this is, on all machines and for ever.</summary>
/// <param name="Robot">The robot.</param>
/// <param name="Boot">The start of its control process: drawn anew at each start, or from the seed in lockstep.</param>
/// <param name="Sequence">Grows by one with each transition of a boot; the first is 1, so that 0 means "none yet".</param>
public readonly record struct TransitionIdentity(ulong Robot, ulong Boot, ulong Sequence)
{
    /// <summary>For people: robot/boot/sequence.</summary>
    public override string ToString() => $"{Robot:x16}/{Boot:x16}/{Sequence}";
}
