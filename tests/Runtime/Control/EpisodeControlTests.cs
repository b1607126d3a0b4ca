using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Tests.Control;

/// <summary>What a person decides about an episode, how it ends, and how the next one comes about.</summary>
public sealed class EpisodeControlTests
{
    private const TransitionFlags Endings =
        TransitionFlags.Terminated | TransitionFlags.Truncated | TransitionFlags.Succeeded | TransitionFlags.EndedByPerson | TransitionFlags.EndedBySafety | TransitionFlags.Discarded;

    private static List<(ulong Episode, TransitionFlags Flags, float X)> Fly(SteeredFlight flight, int ticks, Action<int>? before = null)
    {
        var record = new TransitionRecord(flight.Robot.Schema);
        var steps = new List<(ulong, TransitionFlags, float)>();
        for (int i = 0; i < ticks; i++)
        {
            before?.Invoke(i);
            flight.Tick();
            while (flight.TryRead(record))
                steps.Add((record.Episode, record.Flags, record.Frame[0]));
        }
        return steps;
    }

    public static TheoryData<OperatorVerb, TransitionFlags> Verbs() => new()
    {
        { OperatorVerb.Success, TransitionFlags.Terminated | TransitionFlags.Succeeded | TransitionFlags.EndedByPerson },
        { OperatorVerb.Failure, TransitionFlags.Terminated | TransitionFlags.EndedByPerson },
        { OperatorVerb.Rerecord, TransitionFlags.Truncated | TransitionFlags.EndedByPerson | TransitionFlags.Discarded },
        { OperatorVerb.Terminate, TransitionFlags.Truncated | TransitionFlags.EndedByPerson },
        { OperatorVerb.Reset, TransitionFlags.Truncated | TransitionFlags.EndedByPerson },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Ask_InTheMiddleOfAnEpisode_EndsItWithTheStepInProgress(OperatorVerb verb, TransitionFlags expected)
    {
        using var flight = new SteeredFlight();
        var steps = Fly(flight, 100, i =>
        {
            if (i == 23)
                flight.Rig.Obey(verb);
        });
        int end = steps.FindIndex(s => (s.Flags & Endings) != 0);
        Assert.Equal(4, end); // ticks 20 to 24 are step 4
        Assert.Equal(expected, steps[end].Flags & Endings);
        Assert.True(steps[end].Flags.HasFlag(TransitionFlags.HasFinal));
        bool goesOn = verb != OperatorVerb.Terminate;
        Assert.Equal(goesOn, steps.Exists(s => s.Episode == 1));
        Assert.Equal(goesOn ? ActionSource.Policy : ActionSource.Baseline, flight.Robot.Supervisor.Authority);
    }

    [Theory]
    [InlineData(OperatorVerb.Confirm)]
    [InlineData(OperatorVerb.Reset)]
    public void Ask_AfterTerminate_HoldsUntilAPersonSaysGo(OperatorVerb go)
    {
        using var flight = new SteeredFlight();
        Fly(flight, 30, i =>
        {
            if (i == 12)
                flight.Rig.Obey(OperatorVerb.Terminate);
        });
        Assert.Empty(Fly(flight, 500));
        flight.Rig.Obey(go);
        Assert.NotEmpty(Fly(flight, 20));
    }

    [Fact]
    public void TimeLimit_IsATruncationAndNoTermination()
    {
        using var flight = new SteeredFlight();
        TransitionFlags end = Fly(flight, 120).Select(s => s.Flags & Endings).First(f => f != 0);
        Assert.Equal(TransitionFlags.Truncated, end);
    }

    [Fact]
    public void Reset_OperatorConfirms_WaitsUnderTheBaseline()
    {
        using var flight = new SteeredFlight(reset: ", procedure: operator_confirms");
        var steps = Fly(flight, 400);
        Assert.True(steps.TrueForAll(s => s.Episode == 0));
        Assert.Equal(ActionSource.Baseline, flight.Robot.Supervisor.Authority);
        flight.Rig.Obey(OperatorVerb.Success); // no episode runs: says nothing
        Assert.Empty(Fly(flight, 50));
        flight.Rig.Obey(OperatorVerb.Confirm);
        Assert.Equal(1ul, Fly(flight, 50)[0].Episode);
    }

    // A person flies it two metres away and asks for a reset: it comes back by itself, without a jump, and only then the next episode starts.
    [Fact]
    public void Reset_DriveBack_FliesHomeUnderTheSupervisorAndStartsThere()
    {
        using var flight = new SteeredFlight(episodeSteps: 100_000, reset: ", procedure: drive_back, home_m: [0, 0, 0], home_tolerance: 0.1, home_timeout_s: 20", limited: false);
        float[] forward = [1, 0, 0, 0];
        Fly(flight, 1000, _ => flight.Human.Propose(forward, ProposalUnit.Motion, SteeredFlight.Boot, flight.NowNs, long.MaxValue, long.MaxValue));
        Assert.True(flight.State("position.x") > 1, $"flew to {flight.State("position.x")} only");
        flight.Human.Withdraw(SteeredFlight.Boot);
        flight.Rig.Obey(OperatorVerb.Reset);
        float x = flight.State("position.x"), largest = 0;
        (ulong Episode, TransitionFlags Flags, float X)? first = null;
        for (int i = 0; i < 8000 && first is null; i++)
        {
            var steps = Fly(flight, 1);
            float now = flight.State("position.x");
            largest = Math.Max(largest, Math.Abs(now - x));
            x = now;
            if (steps.Exists(s => s.Episode == 1))
                first = steps.Find(s => s.Episode == 1);
        }
        Assert.NotNull(first);
        Assert.InRange(Math.Abs(first.Value.X), 0, 0.11f);
        Assert.True(largest < 0.01f, $"jumped by {largest} m in one tick"); // 2 ms at less than 5 m/s
    }

    [Fact]
    public void Reset_DriveBackThatNeverArrives_WaitsForAnOperator()
    {
        using var flight = new SteeredFlight(reset: ", procedure: drive_back, home_m: [0, 0, 2], home_tolerance: 0.001, home_timeout_s: 0.2", limited: false);
        Assert.True(Fly(flight, 1000).TrueForAll(s => s.Episode == 0));
        flight.Rig.Obey(OperatorVerb.Confirm);
        Assert.Equal(1ul, Fly(flight, 20)[0].Episode);
    }

    // Logit 50 (x - 0.5): success once x exceeds about 0.54 m for 0.1 s (10 steps).
    [Fact]
    public void Success_ByALearnedClassifier_EndsTheEpisodeOnceItHeld()
    {
        string file = Path.GetTempFileName();
        try
        {
            NetworkSpec network = NetworkSpec.Mlp([6, 1], Activation.Identity, Activation.Identity, clampOutput: false);
            File.WriteAllBytes(file, NetworkImage.Write(network, (float[])[50, 0, 0, 0, 0, 0, -25], new NetworkImageFacts(new PolicyIdentity(1, 1, 1, 1), 0, 0, 0)));
            using var flight = new SteeredFlight(episodeSteps: 100_000, task: $"success_classifier: {{ file: {file}, threshold: 0.9, hold_s: 0.1 }}", limited: false);
            float[] forward = [0.6f, 0, 0, 0];
            var steps = Fly(flight, 1500, _ => flight.Human.Propose(forward, ProposalUnit.Motion, SteeredFlight.Boot, flight.NowNs, long.MaxValue, long.MaxValue));
            int end = steps.FindIndex(s => (s.Flags & Endings) != 0);
            Assert.Equal(TransitionFlags.Terminated | TransitionFlags.Succeeded, steps[end].Flags & Endings);
            Assert.True(steps.Take(end - 9).All(s => s.X < 0.56f), "it ended too late");
            Assert.True(steps[end - 8].X > 0.5f && steps[end].X > 0.54f, "it ended before it had held");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
