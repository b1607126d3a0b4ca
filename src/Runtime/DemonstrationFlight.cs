using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Runtime;

/// <summary>Flies whole episodes in lockstep under somebody's command and hands over their records: <c>robotics record</c>, and the demonstrations of
/// benchmarks.</summary>
/// <remarks>Driver, task and supervisor are those of any run, and so are the records: a demonstration is an episode whose every step has the
/// source human. Repeatable: the same robot, source and seed give the same bytes.</remarks>
public sealed class DemonstrationFlight : IDisposable
{
    private readonly ManualClock _clock;
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ControlRig _rig;
    private readonly LockstepPacer _pacer;
    private readonly TransitionRecord _record;
    private readonly List<byte[]> _episode = [];
    private ulong _sequence;

    /// <summary>A flight of <paramref name="robot"/>, which was loaded with <paramref name="clock"/> and stays the caller's.</summary>
    /// <param name="robot">Robot and task.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="boot">Identity of the recording.</param>
    /// <param name="outside">Who commands; empty for the policy.</param>
    /// <param name="policy">Network image of a verified policy; empty for one that does nothing.</param>
    public DemonstrationFlight(RobotRig robot, ManualClock clock, ulong boot, IReadOnlyList<IProposalSource> outside, ReadOnlySpan<byte> policy = default)
    {
        _robot = robot ?? throw new ArgumentNullException(nameof(robot));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _rig = new ControlRig(robot, clock, _memory, boot, new FlightOptions { Outside = outside, Explore = false });
        _memory.Policies.TryPut(policy.IsEmpty ? Rehearsal.IdlePolicy(robot.Task) : policy);
        _pacer = new LockstepPacer(_clock, robot.PeriodNs);
        _record = new TransitionRecord(robot.Schema);
    }

    /// <summary>Episodes flown.</summary>
    public long Flown { get; private set; }

    /// <summary>Flies until <paramref name="episodes"/> were handed over, or <paramref name="attempts"/> flown.</summary>
    /// <param name="episodes">Episodes wanted.</param>
    /// <param name="attempts">Most episodes flown.</param>
    /// <param name="onlySuccess">Leave out the episodes that did not end in success.</param>
    /// <param name="keep">Takes each record's bytes, numbered without a gap.</param>
    /// <returns>Episodes handed over.</returns>
    public int Fly(int episodes, int attempts, bool onlySuccess, Action<byte[]> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        int kept = 0;
        long limit = Flown + attempts;
        while (kept < episodes && Flown < limit)
        {
            _pacer.WaitForNextTick();
            _rig.Loop.Tick();
            while (_memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
            {
                if (kept < episodes && Take(bytes.ToArray(), onlySuccess, keep))
                    kept++;
                _memory.Records.Release();
            }
        }
        return kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rig.Dispose();
        _memory.Dispose();
    }

    private bool Take(byte[] bytes, bool onlySuccess, Action<byte[]> keep)
    {
        _episode.Add(bytes);
        if (TransitionCodec.TryDecode(bytes, _record, out _) != DecodeStatus.Ok)
            throw new InvalidDataException($"a record of {_robot.Name}'s own ring does not decode");
        if (!_record.HasFinal)
            return false;
        Flown++;
        bool wanted = !onlySuccess || (_record.Flags & TransitionFlags.Succeeded) != 0;
        for (int i = 0; wanted && i < _episode.Count; i++)
            keep(Renumbered(_episode[i]));
        _episode.Clear();
        return wanted;
    }

    // What was left out leaves no gap behind, which would count as lost.
    private byte[] Renumbered(byte[] bytes)
    {
        TransitionCodec.TryDecode(bytes, _record, out _);
        _record.Identity = _record.Identity with { Sequence = ++_sequence };
        TransitionCodec.Encode(_record, bytes);
        return bytes;
    }
}
