using System.Reflection;
using System.Runtime.CompilerServices;
using Robotics.Core;

namespace Robotics.Architecture.Tests;

public sealed class SafeCommandContractTests
{
    [Fact]
    public void Constructor_IsInternal_AndSafetyIsItsOnlyFriend()
    {
        Assert.Empty(typeof(SafeCommand).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        string[] friends =
        [
            .. typeof(SafeCommand).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName),
        ];
        Assert.Equal(["Robotics.Safety"], friends);
    }

    [Fact]
    public void Default_IsInvalid() => Assert.False(default(SafeCommand).IsValid);
}
