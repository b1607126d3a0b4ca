namespace Robotics.Runtime;

/// <summary>Where the edge stands with its learner.</summary>
public enum EdgeLinkState
{
    /// <summary>No answer yet, or the learner fell silent; the spool keeps everything meanwhile.</summary>
    Greeting = 0,

    /// <summary>Records go up, policies come down.</summary>
    Connected = 1,

    /// <summary>The learner said no; asked again with growing pauses. See <see cref="EdgeLink.Refusal"/>.</summary>
    Refused = 2,
}
