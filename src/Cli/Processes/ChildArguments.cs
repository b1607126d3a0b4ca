namespace Robotics.Cli.Processes;

/// <summary>Command lines of the children of <c>robotics run</c>; <paramref name="Limp"/> is null where the robot needs nobody to let it go.</summary>
internal sealed record ChildArguments(IReadOnlyList<string> Control, IReadOnlyList<string> Agent, IReadOnlyList<string>? Limp);
