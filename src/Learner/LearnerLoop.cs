using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>The second river at the learner: transitions in, updates, policies out. Each transition is stored, learnt from once and counted.</summary>
/// <remarks>One thread. The schedule counts ingested environment steps, so nothing depends on how they were batched on the way.</remarks>
public sealed class LearnerLoop : ITransitionSink
{
    private readonly Trainer _trainer;
    private readonly TransitionRecord _record;
    private readonly int _publishEvery;
    private PolicyPublisher? _publisher;
    private LearnerEndpoint? _endpoint;
    private CheckpointKeeper? _checkpoints;

    /// <summary>A loop that trains <paramref name="trainer"/> and, once opened, publishes its actor every <paramref name="publishEvery"/> steps.</summary>
    public LearnerLoop(Trainer trainer, TransitionSchema schema, int publishEvery)
    {
        _trainer = trainer ?? throw new ArgumentNullException(nameof(trainer));
        _record = new TransitionRecord(schema);
        _publishEvery = publishEvery;
    }

    /// <summary>Records that could not be decoded although the endpoint had checked them: always 0.</summary>
    public long Undecodable { get; private set; }

    /// <summary>Begins to speak: the newest actor (version 0 for a fresh one) goes out at once, checkpoints are written from now on.</summary>
    public void Open(LearnerEndpoint endpoint, PolicyPublisher publisher, CheckpointKeeper checkpoints)
    {
        _endpoint = endpoint ?? throw new ArgumentNullException(nameof(endpoint));
        _publisher = publisher ?? throw new ArgumentNullException(nameof(publisher));
        _checkpoints = checkpoints ?? throw new ArgumentNullException(nameof(checkpoints));
        Publish();
    }

    /// <summary>A later epoch begins (docs/formats/link.md, hello): the newest actor goes out under it.</summary>
    public void BeginEpoch(uint epoch)
    {
        if (_publisher is null)
            return;
        _checkpoints!.KeepEpoch(epoch);
        _publisher.BeginEpoch(epoch);
        Publish();
    }

    /// <inheritdoc/>
    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        if (TransitionCodec.TryDecode(record, _record, out _) != DecodeStatus.Ok)
        {
            Undecodable++;
            return;
        }
        _trainer.Ingest(_record);
        _trainer.Step();
        if (_endpoint is null)
            return; // the store is taken in again: nobody listens yet
        if (_trainer.IngestedSteps % _publishEvery == 0)
            Publish();
        _checkpoints!.SaveIfDue();
    }

    private void Publish()
    {
        _endpoint!.Publish(_publisher!.Bundle(_trainer));
    }
}
