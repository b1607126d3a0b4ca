using System.Xml.Linq;
using Robotics.Tests.Shared;

namespace Robotics.Architecture.Tests;

/// <summary>The direction of references between rooms, as docs/architecture.md draws it.</summary>
public sealed class ReferenceRuleTests
{
    private static readonly string[] s_rooms = ["Drivers", "Safety", "Policies", "Tasks", "Teleop", "Experience"];

    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Configuration"] = ["Core"],
        ["Transport"] = [],
        ["Models"] = ["Core", "Configuration"],
        ["Runtime"] = ["Core", "Configuration", "Models", "Transport", .. s_rooms],
        ["Learner"] = ["Core", "Configuration", "Models", "Transport", .. s_rooms],
        ["Monitor"] = ["Core", "Configuration", "Models", "Transport", .. s_rooms],
        ["Cli"] = ["Core", "Configuration", "Models", "Transport", "Runtime", "Learner", "Monitor", .. s_rooms],
    };

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "Robotics.*.csproj", SearchOption.AllDirectories))
            data.Add(Path.GetRelativePath(SharedData.RepositoryRoot, file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_FollowTheArchitecture(string project)
    {
        string room = Path.GetFileNameWithoutExtension(project)["Robotics.".Length..];
        string[] allowed = s_allowed.TryGetValue(room, out string[]? a) ? a
            : s_rooms.Contains(room, StringComparer.Ordinal) ? ["Core", "Configuration", "Models"]
            : throw new InvalidOperationException($"{project} is not in the reference rule: add it here and to docs/architecture.md");
        IEnumerable<string> references = XDocument.Load(Path.Combine(SharedData.RepositoryRoot, project))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string?)r.Attribute("Include") ?? "")["Robotics.".Length..]);
        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }
}
