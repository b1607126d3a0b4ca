namespace Robotics.Configuration;

/// <summary>One thing that is wrong with a configuration file, said so that its author can mend it.</summary>
/// <param name="File">The file as it was named by the user.</param>
/// <param name="Line">Line, from 1; 0 where the problem is the file itself.</param>
/// <param name="Message">What is wrong, the value, what is allowed and where that comes from.</param>
public sealed record ConfigProblem(string File, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
