using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class PolicySlotTests
{
    private static readonly NetworkSpec Constant = NetworkSpec.Mlp([1, 1], Activation.Identity, Activation.Identity, clampOutput: false);

    private static byte[] Image(uint counter) => NetworkImage.Write(Constant, [0, counter], new NetworkImageFacts(new PolicyIdentity(1, 0, counter, 1), 0, 0, 100));

    private static float Act(PolicySlot slot)
    {
        Span<float> action = stackalloc float[1];
        Assert.True(slot.Current.Act([1], action));
        return action[0];
    }

    [Fact]
    public void TryTake_BeforeAnyOffer_LeavesNothingLoaded()
    {
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(Constant));
        Assert.False(slot.TryTake());
        Assert.False(slot.TryRollBack());
        Assert.False(slot.Current.IsLoaded);
    }

    [Fact]
    public void TryTake_AfterSeveralOffers_GivesTheLatestOnce()
    {
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(Constant));
        for (uint i = 1; i <= 5; i++)
            Assert.True(slot.TryOffer(Image(i)));
        Assert.True(slot.TryTake());
        Assert.Equal(5, Act(slot));
        Assert.False(slot.TryTake());
        Assert.Equal(5u, slot.Current.Identity.Counter);
    }

    [Fact]
    public void TryOffer_RefusedImage_LeavesTheFlyingAndTheOffered()
    {
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(Constant));
        slot.TryOffer(Image(1));
        slot.TryTake();
        slot.TryOffer(Image(2));
        byte[] corrupt = Image(3);
        corrupt[^5] ^= 1;
        Assert.False(slot.TryOffer(corrupt, out NetworkImageStatus status));
        Assert.Equal(NetworkImageStatus.Checksum, status);
        Assert.Equal(1, Act(slot));
        Assert.True(slot.TryTake());
        Assert.Equal(2, Act(slot));
    }

    [Fact]
    public void TryRollBack_AfterASwap_FliesThePreviousAtOnceAndNewOffersStillArrive()
    {
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(Constant));
        for (uint i = 1; i <= 2; i++)
        {
            slot.TryOffer(Image(i));
            slot.TryTake();
        }
        Assert.True(slot.TryRollBack());
        Assert.Equal(1, Act(slot));
        for (uint i = 3; i <= 6; i++)
        {
            Assert.True(slot.TryOffer(Image(i)));
            Assert.True(slot.TryTake());
            Assert.Equal(i, Act(slot));
        }
    }

    [Fact]
    public void OfferAndTake_Steady_AllocateNothing()
    {
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(Constant));
        byte[] image = Image(1);
        AllocationGuard.AssertNone(() =>
        {
            slot.TryOffer(image);
            slot.TryTake();
            slot.TryRollBack();
        });
    }

    // A writer offers as fast as it can while the control thread takes and acts: each action must be that of the identity it flies under.
    [Fact]
    public async Task TryTake_AgainstARacingWriter_NeverSeesATornNetwork()
    {
        NetworkSpec spec = NetworkSpec.Mlp([1, 64, 1], Activation.Identity, Activation.Identity, clampOutput: false);
        byte[][] images = [.. Enumerable.Range(1, 8).Select(i => Uniform(spec, i))];
        var slot = new PolicySlot(PolicyNetwork.RequiredFloats(spec));
        slot.TryOffer(images[0]);
        bool isDone = false;
        Task writer = Task.Run(() =>
        {
            for (int i = 0; !Volatile.Read(ref isDone); i++)
                slot.TryOffer(images[i % images.Length]);
        });
        var action = new float[1];
        int taken = 0;
        long deadlineNs = MonotonicClock.Instance.NowNs + 60_000_000_000; // on a busy machine the writer may have to wait for its turn
        while (taken < 200 && MonotonicClock.Instance.NowNs < deadlineNs)
        {
            taken += slot.TryTake() ? 1 : 0;
            Assert.True(slot.Current.Act([1], action));
            Assert.Equal(64f * slot.Current.Identity.Counter, action[0]);
        }
        Volatile.Write(ref isDone, true);
        await writer;
        Assert.Equal(200, taken);
    }

    /// <summary>Output = 64 × counter, only if all weights belong together.</summary>
    private static byte[] Uniform(NetworkSpec spec, int counter)
    {
        var parameters = new float[spec.ParameterCount];
        parameters.AsSpan(0, 64).Fill(1);
        parameters.AsSpan(128, 64).Fill(counter);
        return NetworkImage.Write(spec, parameters, new NetworkImageFacts(new PolicyIdentity(1, 0, (uint)counter, 1), 0, 0, 100));
    }
}
