namespace Robotics.Configuration;

/// <summary>A configuration that cannot be used. Carries every problem found, not only the first. Exit code 78.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Collects <paramref name="problems"/> (at least one), in the order of files and lines.</summary>
    public ConfigurationException(IEnumerable<ConfigProblem> problems)
        : this([.. problems.Distinct().OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line)]) { }

    private ConfigurationException(ConfigProblem[] problems)
        : base(string.Join(Environment.NewLine, problems.Select(p => p.ToString()))) => Problems = problems;

    /// <summary>One problem in a sentence.</summary>
    public ConfigurationException(string file, int line, string message)
        : this([new ConfigProblem(file, line, message)]) { }

    /// <summary>All problems.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }
}
