using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>One edge that was welcomed: its stream, how far it is, what it was told.</summary>
internal sealed class LearnerSession(uint id, PeerAddress peer, SpoolWriter store)
{
    public uint Id => id;

    public PeerAddress Peer => peer;

    public SpoolWriter Store => store;

    public SpoolStream Stream => store.Stream;

    public ProgressMessage Told { get; set; }

    public long HeardNs { get; set; }

    public ulong ResendAskedAt { get; set; } = ulong.MaxValue;

    public long ResendAskedNs { get; set; }

    public PolicyStamp Installed { get; set; }

    public ulong Recorded { get; set; }

    public ProgressMessage Progress(uint leadSteps) =>
        new(store.LastDurable, store.LastAppended, leadSteps == 0 ? ulong.MaxValue : store.LastAppended + leadSteps);
}
