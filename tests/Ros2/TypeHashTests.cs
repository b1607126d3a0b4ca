using Robotics.Drivers.Ros2;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

public sealed class TypeHashTests
{
    [Fact]
    public void Of_EveryShippedType_EqualsTheHashOfJazzy()
    {
        Dictionary<string, string> jazzy = File.ReadLines(SharedData.Require("ros2/typehash.txt"))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(p => p.Length == 2 && p[0].Contains('/', StringComparison.Ordinal))
            .ToDictionary(p => p[0], p => p[1]);
        string[] wrong = [.. InterfaceCatalog.ShippedMessages.Where(n => jazzy.GetValueOrDefault(n) != TypeHash.Of(InterfaceCatalog.Default, n))];
        Assert.Empty(wrong);
        Assert.True(InterfaceCatalog.ShippedMessages.Count >= 140, $"{InterfaceCatalog.ShippedMessages.Count} types");
    }
}
