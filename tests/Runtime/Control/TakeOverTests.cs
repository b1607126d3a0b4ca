using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Memory;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

/// <summary>A person takes over and hands back (R30, I2, I4): at every tick of an episode, by letting go and by falling silent.</summary>
public sealed class TakeOverTests
{
    private const int TicksPerStep = 5;
    private const int EpisodeTicks = SteeredFlight.EpisodeSteps * TicksPerStep;
    private const int Stride = EpisodeTicks + 1; // one tick later in each episode: every phase of an episode comes up
    private const int MaxHold = 70;

    public static TheoryData<ulong> Seeds() => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("Category", "Property")]
    public void Tick_PersonAtEveryTickOfAnEpisode_CommandsInThatTickWithinTheRatesAndIsMarkedExactly(ulong seed)
    {
        using var flight = new SteeredFlight();
        var random = new SeededRandom(seed, "take-over");
        var trace = new Trace(flight);
        flight.Tick(); // installs the policy and begins step 0 in this tick
        trace.Note(human: [], 0);
        for (int n = 0; n < EpisodeTicks; n++)
            Intervene(flight, random, trace, bySilence: n % 2 == 0, motion: n % 4 < 2, quietTicks: Stride);
        trace.Finish();
        Assert.Equal(EpisodeTicks, trace.Phases.Count);
        Assert.Equal(EpisodeTicks + trace.Straddling, trace.Onsets); // one that reaches into the next episode is an onset there too
        Assert.Equal(EpisodeTicks, trace.HandBacks + trace.EndedWithEpisode);
        Assert.InRange(trace.Straddling, 1, EpisodeTicks - 1);
        Assert.InRange(trace.EndedWithEpisode, 1, EpisodeTicks - 1);
        Assert.True(trace.Reversals > EpisodeTicks, "the commands never met their rate limits: nothing was tested");
    }

    [Fact]
    public void Tick_SteeredByMotion_AllocatesNothing()
    {
        using var flight = new SteeredFlight();
        float[] motion = [0.5f, -0.2f, 0.1f, 0.3f];
        void Tick()
        {
            flight.Human.Propose(motion, ProposalUnit.Motion, SteeredFlight.Boot, flight.NowNs, long.MaxValue, long.MaxValue);
            flight.Tick();
            flight.Memory.Records.TryRead(out _);
            flight.Memory.Records.Release();
        }
        for (int i = 0; i < 500; i++)
            Tick();
        AllocationGuard.AssertNone(Tick, times: 1000);
        Assert.Equal(ActionSource.Human, flight.Robot.Supervisor.Authority);
    }

    [Fact]
    public void Steering_ByVelocity_ReachesTheSpeedAskedForAndStandsWhenTheSticksAreCentred()
    {
        using var flight = new SteeredFlight(episodeSteps: 100_000, limited: false);
        Steer(flight, [0.5f, 0, 0, 0], seconds: 1.5);
        Assert.InRange(flight.State("linear_velocity.x"), 0.4f, 0.6f); // half of 1 m/s
        Steer(flight, [0, 0, 0, 0], seconds: 2);
        Assert.InRange(Math.Abs(flight.State("linear_velocity.x")), 0f, 0.05f);
        Steer(flight, [0, 0, 0.5f, 0.5f], seconds: 1.5);
        Assert.InRange(flight.State("linear_velocity.z"), 0.2f, 0.3f); // half of 0.5 m/s
        Assert.InRange(flight.State("angular_velocity.z"), 0.4f, 0.6f); // half of 1 rad/s
    }

    private static void Steer(SteeredFlight flight, float[] motion, double seconds)
    {
        for (int i = 0; i < seconds * 500; i++)
        {
            flight.Human.Propose(motion, ProposalUnit.Motion, SteeredFlight.Boot, flight.NowNs, long.MaxValue, flight.NextNs);
            flight.Tick();
            Assert.True(i == 0 || flight.Robot.Supervisor.Authority == ActionSource.Human, $"tick {i}: {flight.Robot.Supervisor.Causes}");
        }
    }

    private static void Intervene(SteeredFlight flight, SeededRandom random, Trace trace, bool bySilence, bool motion, int quietTicks)
    {
        int hold = 1 + (int)random.NextUniform(0, bySilence ? 50 : MaxHold); // 50 ticks are the lease of 100 ms
        var values = new float[4];
        ProposalUnit unit = motion ? ProposalUnit.Motion : ProposalUnit.Action;
        long leaseEnd = flight.NextNs + ((hold - 1) * flight.Robot.PeriodNs);
        for (int i = 0; i < quietTicks; i++)
        {
            bool speaks = i == 0 || (i < hold && !bySilence);
            if (speaks)
            {
                for (int j = 0; j < values.Length; j++)
                    values[j] = (float)random.NextUniform(-1, 1);
                flight.Human.Propose(values, unit, SteeredFlight.Boot, flight.NowNs, long.MaxValue, bySilence ? leaseEnd : long.MaxValue);
            }
            if (i == hold && !bySilence)
                flight.Human.Withdraw(SteeredFlight.Boot);
            flight.Tick();
            ActionSource expected = i < hold ? ActionSource.Human : ActionSource.Policy;
            Assert.True(flight.Robot.Supervisor.Authority == expected, $"tick {i} of {hold}, by silence {bySilence}: {flight.Robot.Supervisor.Authority}, {flight.Robot.Supervisor.Causes}");
            trace.Note(i < hold && !motion ? values : [], i < hold ? 1 : 0, isOnset: i == 0);
        }
    }

    /// <summary>What every tick was, held against what the records and the journal say.</summary>
    private sealed class Trace(SteeredFlight flight)
    {
        private readonly List<(bool Human, float[] Values)> _ticks = [];
        private readonly TransitionRecord _record = new(flight.Robot.Schema);
        private readonly float[] _last = flight.Robot.Supervisor.Settings.Command.Min.ToArray();
        private readonly double[] _lastStep = new double[4];
        private bool _wasHuman;
        private bool _seeded;

        public HashSet<int> Phases { get; } = [];

        public int Onsets { get; private set; }

        public int HandBacks { get; private set; }

        /// <summary>Interventions that went on into the next episode.</summary>
        public int Straddling { get; private set; }

        /// <summary>Interventions that ended between an episode's last step and the next one's first.</summary>
        public int EndedWithEpisode { get; private set; }

        public int Reversals { get; private set; }

        public void Note(float[] human, int isHuman, bool isOnset = false)
        {
            if (isOnset)
                Phases.Add(_ticks.Count % EpisodeTicks);
            _ticks.Add((isHuman == 1, [.. human]));
            CheckRates();
            while (flight.TryRead(_record))
                CheckRecord();
        }

        public void Finish()
        {
            int changes = 0;
            while (flight.Robot.Supervisor.Journal.TryTake(out SafetyTransition transition))
                changes += transition.Authority == ActionSource.Human && transition.To < SafetyAction.Baseline ? 1 : 0;
            Assert.True(changes >= 1 || flight.Robot.Supervisor.Journal.Lost > 0);
        }

        private void CheckRates()
        {
            CommandLimits limits = flight.Robot.Supervisor.Settings.Command;
            double period = flight.Robot.PeriodNs * 1e-9;
            for (int i = 0; i < 4; i++)
            {
                double step = (double)flight.Emitted[i] - _last[i];
                if (_seeded)
                {
                    Assert.True(Math.Abs(step) <= (limits.RatePerS[i] * period * 1.000001) + 1e-7, $"rotor {i} moved {step} in one tick");
                    Assert.True(Math.Abs(step - _lastStep[i]) <= (limits.RateChangePerS2[i] * period * period * 1.000001) + 2e-7, $"rotor {i} changed its rate by {step - _lastStep[i]}");
                }
                Reversals += Math.Abs(step - _lastStep[i]) > 0.9 * limits.RateChangePerS2[i] * period * period ? 1 : 0;
                (_last[i], _lastStep[i]) = (flight.Emitted[i], step);
            }
            _seeded = true;
        }

        private void CheckRecord()
        {
            int step = (int)_record.Identity.Sequence - 1;
            var ticks = _ticks.Skip(step * TicksPerStep).Take(TicksPerStep).ToList();
            bool human = ticks.Exists(t => t.Human);
            if (_record.Step == 0)
            {
                Straddling += human && _wasHuman ? 1 : 0;
                EndedWithEpisode += !human && _wasHuman ? 1 : 0;
                _wasHuman = false; // every episode stands alone
            }
            Assert.Equal(human ? ActionSource.Human : ActionSource.Policy, _record.Source);
            Assert.Equal(human, _record.Flags.HasFlag(TransitionFlags.HasHuman));
            Assert.Equal(human && !_wasHuman, _record.Flags.HasFlag(TransitionFlags.InterventionOnset));
            Assert.Equal(!human && _wasHuman, _record.Flags.HasFlag(TransitionFlags.HandBack));
            Assert.True(_record.Flags.HasFlag(TransitionFlags.HasProposed));
            Assert.Equal([0, 0, 0, 0], _record.Proposed.ToArray()); // the policy's own word stays beside the person's
            CheckHumanAction([.. ticks.Where(t => t.Human)]);
            Onsets += human && !_wasHuman ? 1 : 0;
            HandBacks += !human && _wasHuman ? 1 : 0;
            _wasHuman = human;
        }

        private void CheckHumanAction((bool Human, float[] Values)[] ticks)
        {
            if (ticks.Length == 0 || ticks.Any(t => t.Values.Length == 0))
                return;
            for (int i = 0; i < 4; i++)
                Assert.Equal(ticks.Average(t => t.Values[i]), _record.Human[i], 1e-4f);
        }
    }
}
