namespace Robotics.Experience;

/// <summary>A spool folder cannot be opened; the message says why and what to do.</summary>
public sealed class SpoolException : Exception
{
    /// <summary>With a diagnosis.</summary>
    public SpoolException(string message)
        : base(message) { }

    /// <summary>With a diagnosis and what the system said.</summary>
    public SpoolException(string message, Exception inner)
        : base(message, inner) { }
}
