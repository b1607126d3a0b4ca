namespace Robotics.Teleop;

/// <summary>The dead man's switch of people who move a robot: whose motion counts now, and until when.</summary>
/// <remarks>
/// <para>A frame counts where its session and nonce are known, its sequence grew, and its echo proves that it is fresh; so a recorded frame,
/// one of before a restart, and one that waited in a queue never extend a lease (R13, R30). A lease ends with the switch, at once, or
/// <see cref="LeaseOptions.LeaseNs"/> after the last frame. Of two who hold the switch the one of higher priority commands, of equals the
/// first; never both (R31).</para>
/// <para>Pure logic on injected time; one thread.</para>
/// </remarks>
public sealed class LeaseKeeper
{
    /// <summary>Most nodes at one robot; the one silent for longest makes room.</summary>
    public const int MaxSessions = 16;

    private readonly LeaseOptions _options;
    private readonly int _motions;
    private readonly Func<ulong> _nonce;
    private readonly List<LeaseSession> _sessions = [];

    /// <summary>A keeper for a robot of <paramref name="motions"/> motions; <paramref name="nonce"/> draws numbers nobody can guess.</summary>
    public LeaseKeeper(LeaseOptions options, int motions, Func<ulong> nonce)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _nonce = nonce ?? throw new ArgumentNullException(nameof(nonce));
        _motions = motions;
    }

    /// <summary>The sessions known now.</summary>
    public IReadOnlyList<LeaseSession> Sessions => _sessions;

    /// <summary>Who commands; null for nobody. As of the last <see cref="Accept"/> or <see cref="Advance"/>.</summary>
    public LeaseSession? Holder { get; private set; }

    /// <summary>Times a person took the lease from another.</summary>
    public long Preemptions { get; private set; }

    /// <summary>The session <paramref name="id"/>, known from now on.</summary>
    public LeaseSession Open(ulong id, string person)
    {
        LeaseSession? known = Find(id);
        if (known is not null)
            return known;
        if (_sessions.Count == MaxSessions)
            _sessions.Remove(_sessions.Where(s => s != Holder).MinBy(s => s.LastNs)!);
        var session = new LeaseSession(id, _nonce(), person, _options.PriorityOf(person), _motions);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Judges a frame and, where it counts, takes its switch and motions.</summary>
    /// <param name="id">Session of the frame.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="nowNs">The keeper's clock.</param>
    /// <param name="action">A new action of the person, whether or not they hold the switch.</param>
    public FrameVerdict Accept(ulong id, in TeleopMotion frame, long nowNs, out TeleopAction action)
    {
        action = TeleopAction.None;
        Advance(nowNs);
        LeaseSession? session = Find(id);
        if (session is null)
            return FrameVerdict.UnknownSession;
        FrameVerdict verdict = Judge(session, frame, nowNs);
        if (verdict != FrameVerdict.Ok)
        {
            session.Refused++;
            session.LastRefusal = verdict;
            return verdict;
        }
        if (frame.ActionCount > session.Actions && session.Accepted > 0) // presses of before this keeper's start are past
            action = frame.Action;
        session.Actions = Math.Max(session.Actions, frame.ActionCount);
        Take(session, frame, nowNs);
        Advance(nowNs);
        return FrameVerdict.Ok;
    }

    /// <summary>Lets leases run out and decides who commands at <paramref name="nowNs"/>.</summary>
    public void Advance(long nowNs)
    {
        foreach (LeaseSession session in _sessions)
        {
            if (session.SwitchHeld && nowNs > session.ExpiresNs)
            {
                session.SwitchHeld = false; // frozen or cut off: not let go by the person, so not trusted at once again
                session.State = LeaseState.Lapsed;
                session.UnbrokenSinceNs = long.MaxValue;
            }
        }
        if (Holder is { State: not LeaseState.Held })
            Holder = null;
        foreach (LeaseSession session in _sessions)
        {
            if (session.State == LeaseState.Waiting && (Holder is null || session.Priority > Holder.Priority))
                Give(session);
        }
    }

    private void Give(LeaseSession session)
    {
        if (Holder is not null)
        {
            Holder.State = LeaseState.Preempted;
            Preemptions++;
        }
        Holder = session;
        session.State = LeaseState.Held;
    }

    private FrameVerdict Judge(LeaseSession session, in TeleopMotion frame, long nowNs)
    {
        if (frame.Nonce != session.Nonce)
            return FrameVerdict.UnknownSession;
        if (frame.Sequence <= session.Sequence)
            return FrameVerdict.Replayed;
        if (frame.EchoNs > nowNs)
            return FrameVerdict.FutureEcho;
        session.Sequence = frame.Sequence;
        if (frame.Motions.Length != _motions)
            return FrameVerdict.WrongLength;
        return nowNs - frame.EchoNs > _options.MaxAgeNs ? FrameVerdict.Stale : FrameVerdict.Ok;
    }

    private void Take(LeaseSession session, in TeleopMotion frame, long nowNs)
    {
        bool broken = session.LastNs == long.MinValue || nowNs - session.LastNs > _options.LeaseNs;
        if (broken || session.UnbrokenSinceNs > nowNs)
            session.UnbrokenSinceNs = nowNs;
        session.Accepted++;
        session.LastNs = nowNs;
        session.ExpiresNs = nowNs + _options.LeaseNs;
        session.SwitchHeld = frame.Held;
        frame.Motions.CopyTo(session.Motions);
        if (!frame.Held)
            session.State = LeaseState.Released;
        else if (session.State == LeaseState.Released || (session.State == LeaseState.Lapsed && nowNs - session.UnbrokenSinceNs >= _options.ReentryNs))
            session.State = LeaseState.Waiting;
    }

    private LeaseSession? Find(ulong id)
    {
        foreach (LeaseSession session in _sessions)
        {
            if (session.Id == id)
                return session;
        }
        return null;
    }
}
