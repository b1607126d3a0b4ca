using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

public sealed class ControlLoopTests
{
    [Fact]
    public void Evaluation_OfThePublishedPolicy_HoversEveryEpisode()
    {
        Evaluation result = Evaluation.Of(RaptorFlight.Run, RaptorFlight.Image(), 20);
        Assert.Equal(500, result.MeanLength);
        Assert.Equal(1, result.SettledShare);
        Assert.Equal(0, result.Interventions);
    }

    [Fact]
    public void Tick_WithoutAPolicy_LeavesTheRobotDisarmedAndRecordsNothing()
    {
        using var flight = new RaptorFlight(new FlightOptions());
        for (int i = 0; i < 100; i++)
            flight.Tick();
        Assert.Equal(SafetyAction.PowerCut, flight.Robot.Supervisor.Action);
        Assert.Equal(0, flight.Rig.Recorded);
    }

    [Fact]
    public void Tick_Flying_AllocatesNothing()
    {
        using var flight = new RaptorFlight(new FlightOptions());
        flight.Memory.Policies.TryPut(RaptorFlight.Image());
        for (int i = 0; i < 2000; i++)
            flight.Tick();
        byte[] image = RaptorFlight.Image();
        int n = 0;
        AllocationGuard.AssertNone(
            () =>
            {
                if (++n % 50 == 0)
                    flight.Memory.Policies.TryPut(image); // swaps are part of the tick
                flight.Tick();
                flight.Memory.Records.TryRead(out _);
                flight.Memory.Records.Release();
            },
            times: 3000);
        Assert.True(flight.Rig.PoliciesInstalled > 5);
        Assert.True(flight.Rig.EpisodesEnded > 8);
    }

    // Every record in the ring, in order, with the next observation of a step being the frame of the following record.
    [Fact]
    public void Records_OfSeveralEpisodes_AreCompleteAndOrdered()
    {
        using var flight = new RaptorFlight(new FlightOptions());
        flight.Memory.Policies.TryPut(RaptorFlight.Image());
        var record = new TransitionRecord(flight.Robot.Schema);
        ulong expected = 1;
        uint step = 0;
        ulong episode = 0;
        for (int i = 0; i < 1600; i++)
        {
            flight.Tick();
            while (flight.Memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
            {
                Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
                flight.Memory.Records.Release();
                Assert.Equal(expected++, record.Identity.Sequence);
                Assert.Equal((episode, step), (record.Episode, record.Step));
                Assert.Equal(step == 499, record.HasFinal);
                Assert.Equal(step == 499, record.Truncated);
                Assert.False(record.Terminated);
                Assert.Equal(ActionSource.Policy, record.Source);
                Assert.Equal(record.Proposed.ToArray(), record.Executed.ToArray());
                (episode, step) = record.HasFinal ? (episode + 1, 0u) : (episode, step + 1);
            }
        }
        Assert.True(episode >= 3);
    }

    [Fact]
    public void Tick_DriverTakesNaNCommandFromPolicy_BaselineFliesInTheSamePeriod()
    {
        using var flight = new RaptorFlight(new FlightOptions { Outside = [new NanSource()] });
        flight.Memory.Policies.TryPut(RaptorFlight.Image());
        for (int i = 0; i < 50; i++)
            flight.Tick();
        Assert.True(flight.Robot.Supervisor.Action >= SafetyAction.Baseline);
        Assert.True(flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.NonFiniteProposal));
        Assert.True(flight.Rig.Loop.DistanceToTarget < 3);
    }

    [Fact]
    public void Tick_SourceThrows_BaselineFliesInTheSamePeriodAndTheFaultIsKept()
    {
        var source = new ThrowingSource();
        using var flight = new RaptorFlight(new FlightOptions { Outside = [source] });
        flight.Memory.Policies.TryPut(RaptorFlight.Image());
        for (int i = 0; i < 50; i++)
            flight.Tick();
        Assert.Equal(SafetyAction.Nominal, flight.Robot.Supervisor.Action);
        source.Throws = true;
        flight.Tick();
        Assert.True(flight.Robot.Supervisor.Action >= SafetyAction.Baseline);
        Assert.True(flight.Robot.Supervisor.Causes.HasFlag(SafetyCauses.InternalFault));
        Assert.IsType<TimeoutException>(flight.Rig.Loop.Fault);
    }

    private sealed class ThrowingSource : IProposalSource
    {
        public bool Throws { get; set; }

        public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal) => Throws ? throw new TimeoutException("a source that breaks its contract") : false;
    }

    private sealed class NanSource : IProposalSource
    {
        public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
        {
            proposal.Values.Fill(float.NaN);
            proposal.Length = proposal.Values.Length;
            proposal.Source = ActionSource.Human;
            return true;
        }
    }
}
