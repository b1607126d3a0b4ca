using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Tests.Control;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Memory;

public sealed class PolicyLoaderTests
{
    private static readonly NetworkSpec s_spec = NetworkSpec.Mlp([3, 8, 2], Activation.Tanh, Activation.Tanh);

    private static byte[] Image(uint counter) =>
        NetworkImage.Write(s_spec, new float[s_spec.ParameterCount], new NetworkImageFacts(new PolicyIdentity(1, 1, counter, counter), 0, 0, 100));

    [Fact]
    public void TryLoad_WhatLayThereBefore_IsNotTaken()
    {
        using EdgeMemory memory = EdgeMemory.Private();
        memory.Policies.TryPut(Image(1)); // for an earlier life of the robot
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(s_spec));
        using var loader = new PolicyLoader(memory.Policies, slot);
        Assert.False(loader.TryLoad());
        memory.Policies.TryPut(Image(2));
        Assert.True(loader.TryLoad());
        Assert.True(slot.TryTake());
        Assert.Equal(2u, slot.Current.Identity.Counter);
    }

    [Fact]
    public void TryLoad_DamagedOrTooLargeImage_IsCountedAndChangesNothing()
    {
        using EdgeMemory memory = EdgeMemory.Private();
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(s_spec));
        using var loader = new PolicyLoader(memory.Policies, slot);
        byte[] damaged = Image(1);
        damaged[80] ^= 1;
        memory.Policies.TryPut(damaged);
        Assert.False(loader.TryLoad());
        NetworkSpec wide = NetworkSpec.Mlp([3, 100, 2], Activation.Tanh, Activation.Tanh);
        memory.Policies.TryPut(NetworkImage.Write(wide, new float[wide.ParameterCount], default));
        Assert.False(loader.TryLoad());
        Assert.Equal(2, loader.Refused);
        Assert.False(slot.HasOffer);
    }

    [Fact]
    public void TryLoad_Steady_AllocatesNothing()
    {
        using EdgeMemory memory = EdgeMemory.Private();
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(s_spec));
        using var loader = new PolicyLoader(memory.Policies, slot);
        byte[] image = Image(1);
        AllocationGuard.AssertNone(() =>
        {
            memory.Policies.TryPut(image);
            memory.Policies.Ring();
            Assert.True(loader.TryLoad());
            slot.TryTake();
        });
    }

    // The agent rings, the loader's thread lays out, the control thread only exchanges: nothing of it on the tick, nothing allocated.
    [Fact]
    public void Start_AgentRings_LoadsBesideTheTick()
    {
        using var flight = new RaptorFlight(new FlightOptions { LoadsBeside = true });
        byte[] image = RaptorFlight.Image();
        flight.Memory.Policies.TryPut(image);
        flight.Memory.Policies.Ring();
        Assert.True(SpinWait.SpinUntil(() => TickUntilInstalled(flight), TimeSpan.FromSeconds(20)));
    }

    private static bool TickUntilInstalled(RaptorFlight flight)
    {
        flight.Tick();
        return flight.Rig.HasPolicy;
    }
}
