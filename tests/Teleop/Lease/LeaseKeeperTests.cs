namespace Robotics.Teleop.Tests.Lease;

/// <summary>R13, R30, R31 of docs/safety.md for people at teleoperation nodes, on injected time.</summary>
public sealed class LeaseKeeperTests
{
    private const long Ms = 1_000_000;
    private const long Frame = 20 * Ms;
    private ulong _nonce = 100;

    private LeaseKeeper Keeper(params (string Name, byte Priority)[] people) => new(
        new LeaseOptions { Priorities = people.ToDictionary(p => p.Name, p => p.Priority, StringComparer.Ordinal) }, 2, () => ++_nonce);

    private static FrameVerdict Send(LeaseKeeper keeper, LeaseSession session, ulong sequence, bool held, long nowNs, long? echoNs = null, ulong? nonce = null) =>
        keeper.Accept(session.Id, Motion(session, sequence, held, echoNs ?? nowNs - (5 * Ms), nonce), nowNs, out _);

    private static TeleopMotion Motion(LeaseSession session, ulong sequence, bool held, long echoNs, ulong? nonce = null, uint actions = 0) => new()
    {
        Nonce = nonce ?? session.Nonce,
        Sequence = sequence,
        EchoNs = echoNs,
        Held = held,
        Action = actions > 0 ? TeleopAction.Success : TeleopAction.None,
        ActionCount = actions,
        Motions = (float[])[0.5f, -0.5f],
    };

    [Fact]
    public void Accept_SwitchReleased_EndsTheLeaseAtOnce()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        Assert.Equal(FrameVerdict.Ok, Send(keeper, person, 1, held: true, 1000 * Ms));
        Assert.Same(person, keeper.Holder);
        Assert.Equal([0.5f, -0.5f], person.Motions.ToArray());
        Assert.Equal(FrameVerdict.Ok, Send(keeper, person, 2, held: false, 1001 * Ms));
        Assert.Null(keeper.Holder);
        Assert.Equal(LeaseState.Released, person.State);
    }

    [Fact]
    public void Advance_FrozenSender_EndsTheLease100MsAfterItsLastFrame()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        Send(keeper, person, 1, held: true, 1000 * Ms);
        keeper.Advance(1100 * Ms);
        Assert.Same(person, keeper.Holder);
        keeper.Advance((1100 * Ms) + 1);
        Assert.Null(keeper.Holder);
        Assert.Equal(LeaseState.Lapsed, person.State);
    }

    // Whoever froze is believed again only after 200 ms without a gap, or after the switch was seen open.
    [Fact]
    public void Accept_AfterALapse_CountsAgainAfterAnUnbrokenWhileOrAReleasedSwitch()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        Send(keeper, person, 1, held: true, 1000 * Ms);
        keeper.Advance(2000 * Ms);
        ulong sequence = 1;
        long now = 2000 * Ms;
        for (; now < 2200 * Ms; now += Frame)
        {
            Send(keeper, person, ++sequence, held: true, now);
            Assert.Null(keeper.Holder);
        }
        Send(keeper, person, ++sequence, held: true, now);
        Assert.Same(person, keeper.Holder);
        keeper.Advance(now + (101 * Ms));
        Assert.Null(keeper.Holder);
        Send(keeper, person, ++sequence, held: false, now + (110 * Ms));
        Send(keeper, person, ++sequence, held: true, now + (111 * Ms));
        Assert.Same(person, keeper.Holder);
    }

    [Fact]
    public void Accept_ReplayedOldFrames_NeverExtendTheLease()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        var recorded = new List<(ulong Sequence, long EchoNs)>();
        for (ulong i = 1; i <= 10; i++)
        {
            long now = (long)i * Frame;
            recorded.Add((i, now - (5 * Ms)));
            Assert.Equal(FrameVerdict.Ok, Send(keeper, person, i, held: true, now));
        }
        Send(keeper, person, 11, held: false, 11 * Frame);
        foreach ((ulong sequence, long echo) in recorded) // the same frames again, at once
            Assert.Equal(FrameVerdict.Replayed, Send(keeper, person, sequence, held: true, (11 * Frame) + 1, echo));
        Assert.Null(keeper.Holder);
        // A keeper that restarted knows no sequence; the nonce and the echo still tell.
        LeaseKeeper restarted = Keeper();
        LeaseSession again = restarted.Open(1, "ann");
        Assert.Equal(FrameVerdict.UnknownSession, Send(restarted, again, 12, held: true, 12 * Frame, nonce: person.Nonce));
        Assert.Equal(FrameVerdict.Stale, Send(restarted, again, 13, held: true, 1000 * Ms, echoNs: 190 * Ms));
        Assert.Equal(FrameVerdict.FutureEcho, Send(restarted, again, 14, held: true, 1000 * Ms, echoNs: 2000 * Ms));
        Assert.Equal(FrameVerdict.UnknownSession, restarted.Accept(77, Motion(again, 15, true, 1000 * Ms), 1000 * Ms, out _));
        Assert.Null(restarted.Holder);
        Assert.Equal(3u, again.Refused);
    }

    // A stale override: frames that waited in a queue for more than the allowed age arrive in order, with new sequences, and count for nothing.
    [Fact]
    public void Accept_FramesThatWaitedInAQueue_AreStale()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        for (ulong i = 1; i <= 20; i++)
            Assert.Equal(FrameVerdict.Stale, Send(keeper, person, i, held: true, 5000 * Ms, echoNs: (4000 * Ms) + ((long)i * Frame)));
        Assert.Null(keeper.Holder);
        Assert.Equal((20u, FrameVerdict.Stale), (person.Refused, person.LastRefusal));
    }

    [Fact]
    public void Accept_TwoPeopleOfEqualPriority_TheFirstCommandsUntilTheyLetGo()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession ann = keeper.Open(1, "ann"), bob = keeper.Open(2, "bob");
        Send(keeper, ann, 1, held: true, 1000 * Ms);
        Send(keeper, bob, 1, held: true, 1010 * Ms);
        Assert.Same(ann, keeper.Holder);
        Assert.Equal(LeaseState.Waiting, bob.State);
        Send(keeper, bob, 2, held: true, 1030 * Ms);
        Send(keeper, ann, 2, held: false, 1040 * Ms);
        Assert.Same(bob, keeper.Holder);
        Assert.Equal(0, keeper.Preemptions);
    }

    [Fact]
    public void Accept_PersonOfHigherPriority_TakesTheLeaseAndTheOtherMustLetGoFirst()
    {
        LeaseKeeper keeper = Keeper(("instructor", 9));
        LeaseSession ann = keeper.Open(1, "ann"), instructor = keeper.Open(2, "instructor");
        Send(keeper, ann, 1, held: true, 1000 * Ms);
        Send(keeper, instructor, 1, held: true, 1010 * Ms);
        Assert.Same(instructor, keeper.Holder);
        Assert.Equal(LeaseState.Preempted, ann.State);
        Send(keeper, ann, 2, held: true, 1020 * Ms);
        Send(keeper, instructor, 2, held: false, 1030 * Ms);
        Assert.Null(keeper.Holder); // ann still presses, but what she meant was another situation
        Send(keeper, ann, 3, held: true, 1040 * Ms);
        Assert.Null(keeper.Holder);
        Send(keeper, ann, 4, held: false, 1050 * Ms);
        Send(keeper, ann, 5, held: true, 1060 * Ms);
        Assert.Same(ann, keeper.Holder);
        Assert.Equal(1, keeper.Preemptions);
    }

    [Fact]
    public void Accept_ActionRepeatedInEveryFrame_ActsOnceAndNotAfterARestart()
    {
        LeaseKeeper keeper = Keeper();
        LeaseSession person = keeper.Open(1, "ann");
        int acted = 0;
        for (ulong i = 1; i <= 10; i++)
        {
            keeper.Accept(1, Motion(person, i, false, 995 * Ms, actions: i >= 3 ? 1u : 0), 1000 * Ms, out TeleopAction action);
            acted += action == TeleopAction.Success ? 1 : 0;
        }
        Assert.Equal(1, acted);
        LeaseKeeper restarted = Keeper();
        LeaseSession again = restarted.Open(1, "ann");
        restarted.Accept(1, Motion(again, 11, false, 995 * Ms, actions: 1), 1000 * Ms, out TeleopAction stale);
        Assert.Equal(TeleopAction.None, stale);
    }

    // Whatever comes in whatever order: never two holders, never a holder without a frame within the lease, and of several who hold on the one
    // of highest priority commands.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Category", "Property")]
    public void Accept_RandomFramesOfFourPeople_KeepsTheRules(ulong seed)
    {
        var random = new SeededRandom(seed, "lease");
        LeaseKeeper keeper = Keeper(("b", 2), ("c", 3));
        LeaseSession[] people = [.. new[] { "a", "b", "c", "d" }.Select((n, i) => keeper.Open((ulong)i + 1, n))];
        var sequences = new ulong[4];
        var lastGood = new long[4];
        int held = 0;
        long now = 1000 * Ms;
        for (int k = 0; k < 20_000; k++)
        {
            now += random.NextInt(15) * Ms;
            int i = random.NextInt(4);
            bool old = random.NextInt(5) == 0;
            ulong sequence = old ? sequences[i] : ++sequences[i];
            long echo = now - (random.NextInt(160) * Ms);
            FrameVerdict verdict = Send(keeper, people[i], sequence, random.NextInt(4) != 0, now, echo);
            Assert.Equal(sequence == 0 || old ? FrameVerdict.Replayed : now - echo > 120 * Ms ? FrameVerdict.Stale : FrameVerdict.Ok, verdict);
            if (verdict == FrameVerdict.Ok)
                lastGood[i] = now;
            Assert.True(people.Count(p => p.State == LeaseState.Held) == (keeper.Holder is null ? 0 : 1));
            if (keeper.Holder is null)
                continue;
            held++;
            Assert.True(now - lastGood[Array.IndexOf(people, keeper.Holder)] <= 100 * Ms);
            Assert.DoesNotContain(people, p => p.State == LeaseState.Waiting && p.Priority > keeper.Holder.Priority);
        }
        Assert.InRange(held, 5_000, 19_999);
    }
}
