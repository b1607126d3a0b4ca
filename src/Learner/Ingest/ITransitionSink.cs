using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>Who learns from transitions. Each one is handed over exactly once, in the order of its boot.</summary>
public interface ITransitionSink
{
    /// <summary>Takes a transition in.</summary>
    /// <param name="schema">Its shape.</param>
    /// <param name="header">Its identity and flags.</param>
    /// <param name="record">Its bytes (<see cref="TransitionCodec.TryDecode"/>), valid during the call only.</param>
    void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record);
}
