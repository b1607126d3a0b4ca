using System.Runtime.InteropServices;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Control;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

public sealed class OutsideProposalsTests : IDisposable
{
    private const ulong Boot = 7;
    private const long HoldNs = 20_000_000;
    private const long Now = 1_000_000_000;
    private static readonly float[] s_values = [0.1f, 0.2f, 0.3f, 0.4f];

    private readonly SharedRegion _region = SharedRegion.Private(Mailbox.SizeFor(ProposalFrame.MaxBytes));
    private readonly RaptorFlight _flight = new(new FlightOptions());
    private readonly Mailbox _mailbox;
    private readonly ProposalWriter _writer;
    private readonly OutsideProposals _reader;
    private readonly Proposal _proposal = new(4);

    public OutsideProposalsTests()
    {
        _mailbox = Mailbox.Attach(_region, 0, ProposalFrame.MaxBytes);
        _writer = new ProposalWriter(Mailbox.Attach(_region, 0, ProposalFrame.MaxBytes), ActionSource.Human);
        _reader = new OutsideProposals(_mailbox, ActionSource.Human, Boot, _flight.Robot.Task.Action, 4, HoldNs);
    }

    public void Dispose()
    {
        _flight.Dispose();
        _region.Dispose();
    }

    private bool Ask(long nowNs)
    {
        _proposal.Clear();
        return _reader.TryPropose(nowNs, null!, _proposal);
    }

    private void Propose(long deadlineNs = Now + HoldNs, long leaseEndNs = long.MaxValue, long sampleNs = Now) =>
        _writer.Propose(s_values, ProposalUnit.Actuator, Boot, sampleNs, deadlineNs, leaseEndNs);

    [Fact]
    public void TryPropose_FreshFrame_IsAppliedInEveryTickUntilItsDeadlineAndNeverAfter()
    {
        Propose(deadlineNs: Now + 5_000_000);
        Assert.True(Ask(Now));
        Assert.Equal(s_values, _proposal.Values.ToArray());
        Assert.Equal((4, ActionSource.Human, 1L, Now), (_proposal.Length, _proposal.Source, _proposal.Sequence, _proposal.SampleTimeNs));
        Assert.True(Ask(Now + 5_000_000));
        Assert.False(Ask(Now + 5_000_001));
        Assert.False(Ask(Now)); // ended is ended, even if a clock were to go back
    }

    [Fact]
    public void TryPropose_SilentWriterThatClaimedForever_EndsAfterTheHoldTime()
    {
        Propose(deadlineNs: long.MaxValue);
        Assert.True(Ask(Now));
        Assert.True(Ask(Now + HoldNs));
        Assert.False(Ask(Now + HoldNs + 1));
    }

    [Fact]
    public void TryPropose_LeaseOver_Ends()
    {
        Propose(leaseEndNs: Now + 1_000_000);
        Assert.True(Ask(Now + 1_000_000));
        Assert.False(Ask(Now + 1_000_001));
    }

    [Fact]
    public void TryPropose_LateNewerFrame_IsNotAppliedAndEndsTheOlder()
    {
        Propose();
        Assert.True(Ask(Now));
        Propose(deadlineNs: Now + 1);
        Assert.False(Ask(Now + 2));
        Assert.Equal((1, ProposalStatus.Late), (_reader.Refused, _reader.LastRefusal));
        Assert.False(Ask(Now + 2));
    }

    [Fact]
    public void Withdraw_EndsAtOnce()
    {
        Propose();
        Assert.True(Ask(Now));
        _writer.Withdraw(Boot);
        Assert.False(Ask(Now));
        Assert.Equal(0, _reader.Refused);
    }

    [Fact]
    public void TryPropose_RestartedWriter_CountsItsSequenceAnew()
    {
        Propose();
        Propose();
        Assert.True(Ask(Now));
        new ProposalWriter(_mailbox, ActionSource.Human).Propose(s_values, ProposalUnit.Actuator, Boot, Now, Now + HoldNs);
        Assert.True(Ask(Now));
        Assert.Equal((2, 1L), (_reader.Taken, _proposal.Sequence));
    }

    [Fact]
    public void TryPropose_Action_IsMappedToSetPoints()
    {
        var expected = new float[4];
        _flight.Robot.Task.Action.ToCommand([0, 0.5f, -1, 1], expected);
        _writer.Propose([0, 0.5f, -1, 1], ProposalUnit.Action, Boot, Now, Now + HoldNs);
        Assert.True(Ask(Now));
        Assert.Equal(expected, _proposal.Values.ToArray());
    }

    public static TheoryData<ProposalStatus> Refusals() =>
        [ProposalStatus.Malformed, ProposalStatus.OtherBoot, ProposalStatus.OtherKind, ProposalStatus.Repeated, ProposalStatus.WrongLength, ProposalStatus.FutureSample];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void TryPropose_FrameThatDoesNotCount_IsRefusedWithItsReasonAndTheOlderOneStands(ProposalStatus reason)
    {
        Propose();
        Assert.True(Ask(Now));
        var frame = new ProposalFrame { Boot = Boot, Writer = 99, Sequence = 5, SampleTimeNs = Now, DeadlineNs = Now + HoldNs, LeaseEndNs = long.MaxValue, Kind = ActionSource.Human };
        frame.Boot += reason == ProposalStatus.OtherBoot ? 1u : 0;
        frame.Kind = reason == ProposalStatus.OtherKind ? ActionSource.Policy : frame.Kind;
        frame.SampleTimeNs += reason == ProposalStatus.FutureSample ? 1 : 0;
        frame.Unit = reason == ProposalStatus.Malformed ? (ProposalUnit)3 : frame.Unit;
        var bytes = new byte[ProposalFrame.MaxBytes];
        if (reason == ProposalStatus.Repeated)
            frame.Writer = MemoryMarshal.Read<ProposalFrame>(Newest()).Writer;
        frame.Sequence = reason == ProposalStatus.Repeated ? 1u : frame.Sequence;
        int length = ProposalFrame.Encode(frame, reason == ProposalStatus.WrongLength ? [1, 2, 3] : [9, 9, 9, 9], bytes);
        _mailbox.TryPut(bytes.AsSpan(0, length));
        Assert.True(Ask(Now));
        Assert.Equal(s_values, _proposal.Values.ToArray());
        Assert.Equal((1, reason), (_reader.Refused, _reader.LastRefusal));
    }

    private byte[] Newest()
    {
        var bytes = new byte[ProposalFrame.MaxBytes];
        Mailbox.Attach(_region, 0, ProposalFrame.MaxBytes).TryTake(bytes);
        return bytes;
    }

    // Whatever stands in the shared memory: no exception, four values or none, and an end that control itself set.
    [Fact]
    public unsafe void TryPropose_RandomlyDamagedMemory_GivesAProposalThatEndsOrNone()
    {
        var random = new SeededRandom(3, "proposal damage");
        int applied = 0;
        for (int round = 0; round < 20_000; round++)
        {
            var bytes = new byte[ProposalFrame.MaxBytes];
            Propose(deadlineNs: long.MaxValue);
            int damage = random.NextInt(12);
            for (int i = 0; i < damage; i++)
                _region.Pointer[16 + random.NextInt((int)_region.Length - 16)] = (byte)random.NextUInt64();
            if (round % 2 == 0) // a frame of a writer that knows the mailbox's checksum and writes nonsense
            {
                Newest().CopyTo(bytes, 0);
                for (int i = 0; i < 4; i++)
                    bytes[random.NextInt(ProposalFrame.HeaderBytes)] = (byte)random.NextUInt64();
                _mailbox.TryPut(bytes.AsSpan(0, ProposalFrame.HeaderBytes + (4 * random.NextInt(ProposalFrame.MaxValues + 1))));
            }
            if (!Ask(Now))
                continue;
            applied++;
            Assert.Equal(4, _proposal.Length);
            Assert.True(_proposal.DeadlineNs <= Now + HoldNs);
        }
        Assert.InRange(applied, 1000, 20_000);
    }

    // A writer on another thread floods frames whose values are all equal: a torn frame would mix two.
    [Fact]
    public async Task TryPropose_UnderAFloodOfFrames_IsNeverTorn()
    {
        using var stop = new CancellationTokenSource();
        Task flood = Task.Run(
            () =>
            {
                for (int k = 0; !stop.IsCancellationRequested; k++)
                    _writer.Propose([k, k, k, k], ProposalUnit.Actuator, Boot, Now, long.MaxValue);
            },
            TestContext.Current.CancellationToken);
        while (_reader.Taken < 2000 && !flood.IsFaulted)
        {
            if (Ask(Now))
                Assert.True(_proposal.Values.IndexOfAnyExcept(_proposal.Values[0]) < 0);
        }
        await stop.CancelAsync();
        await flood;
        Assert.Equal(0, _reader.Refused);
    }

    [Fact]
    public void ProposeAndTryPropose_AllocateNothing() =>
        AllocationGuard.AssertNone(() =>
        {
            Propose();
            Ask(Now);
        });

    // A person takes over in the next tick; when their process stops writing, the policy is back within two policy periods.
    [Fact]
    public void Tick_PersonProposesThenTheirProcessDies_TakesOverInOneTickAndHandsBackWithinTwoPeriods()
    {
        _flight.Memory.Policies.TryPut(RaptorFlight.Image());
        var human = new ProposalWriter(_flight.Memory.HumanProposals, ActionSource.Human);
        var record = new TransitionRecord(_flight.Robot.Schema);
        long period = _flight.Robot.PeriodNs * _flight.Robot.TicksPerStep;
        for (int i = 0; i < 50; i++)
            _flight.Tick();
        var flags = new List<TransitionFlags>();
        for (int i = 0; i < 30; i++)
        {
            if (i < 10)
                human.Propose([0.01f, 0, 0, 0], ProposalUnit.Action, Boot, _flight.NowNs, _flight.NowNs + (1000 * period));
            _flight.Tick();
            Drain(record, flags);
            bool mayHold = i < 10 + 2;
            Assert.Equal(i < 10 ? ActionSource.Human : mayHold ? _flight.Robot.Supervisor.Authority : ActionSource.Policy, _flight.Robot.Supervisor.Authority);
        }
        Assert.Equal(1, flags.Count(f => f.HasFlag(TransitionFlags.InterventionOnset)));
        Assert.Equal(1, flags.Count(f => f.HasFlag(TransitionFlags.HandBack)));
        Assert.InRange(flags.Count(f => f.HasFlag(TransitionFlags.HasHuman)), 10, 12);
    }

    private void Drain(TransitionRecord record, List<TransitionFlags> flags)
    {
        while (_flight.Memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
        {
            Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
            _flight.Memory.Records.Release();
            flags.Add(record.Flags);
            if (record.Source == ActionSource.Human)
                Assert.True(record.Human[0] != record.Proposed[0]);
        }
    }

    // An outside policy counts below a person, its identity and its action are the recorded ones.
    [Fact]
    public void Tick_OutsidePolicyAndPerson_PersonCountsThenThePolicyIsRecordedWithItsIdentity()
    {
        _flight.Memory.Policies.TryPut(RaptorFlight.Image());
        var outside = new ProposalWriter(_flight.Memory.PolicyProposals, ActionSource.Policy);
        var human = new ProposalWriter(_flight.Memory.HumanProposals, ActionSource.Human);
        var identity = new PolicyIdentity(5, 1, 2, 77);
        var record = new TransitionRecord(_flight.Robot.Schema);
        var policies = new List<PolicyIdentity>();
        for (int i = 0; i < 60; i++)
        {
            long now = _flight.NowNs;
            if (i >= 20)
                outside.Propose([0, 0, 0, 0], ProposalUnit.Action, Boot, now, long.MaxValue, policy: identity);
            if (i >= 30 && i < 40)
                human.Propose([0.1f, 0, 0, 0], ProposalUnit.Action, Boot, now, now + _flight.Robot.PeriodNs);
            _flight.Tick();
            while (_flight.Memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
            {
                Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
                _flight.Memory.Records.Release();
                if (record.Source == ActionSource.Policy)
                    policies.Add(record.Policy);
                if (record.Policy == identity)
                    Assert.Equal(record.Proposed.ToArray(), record.Executed.ToArray());
            }
            if (i >= 30 && i < 40)
                Assert.Equal(ActionSource.Human, _flight.Robot.Supervisor.Authority);
        }
        Assert.InRange(policies.Count(p => p == identity), 25, 32);
    }
}
