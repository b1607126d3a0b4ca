using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Runtime.People;

/// <summary>The agent's end of teleoperation: hears the nodes, keeps the lease, proposes what its holder asks for, tells everybody the state.</summary>
/// <remarks>One thread, beside the agent's loop. What it proposes holds no longer than the lease, so an agent that stops has handed back.</remarks>
public sealed class TeleopStation
{
    private const int FramesPerPump = 256; // 16 nodes at 50 Hz for 300 ms: a backlog is worked off, a flood does not hold up the agent
    private const long StateIntervalNs = 20_000_000; // 50 Hz, as the frames: the echo of a frame is late by at most this

    private readonly ILearnerChannel _channel;
    private readonly ProposalWriter _writer;
    private readonly LeaseKeeper _keeper;
    private readonly SteeringSettings _settings;
    private readonly string _robot;
    private readonly IOperatorLine _line;
    private readonly Dictionary<ulong, (PeerAddress Peer, string User)> _peers = [];
    private readonly Dictionary<string, string> _operators;
    private readonly byte[] _buffer = new byte[TeleopMessage.MaxBytes];
    private readonly float[] _motions = new float[TeleopMessage.MaxMotions];
    private long _stateDueNs;
    private bool _proposing;

    /// <summary>A station of the robot named <paramref name="robot"/>.</summary>
    /// <param name="channel">To the nodes.</param>
    /// <param name="human">The lane to control: <see cref="EdgeMemory.HumanProposals"/>.</param>
    /// <param name="settings">Motions, lease and priorities.</param>
    /// <param name="robot">For people.</param>
    /// <param name="line">To control, for everything but motion.</param>
    public TeleopStation(ILearnerChannel channel, Mailbox human, SteeringSettings settings, string robot, IOperatorLine line)
    {
        _channel = channel ?? throw new ArgumentNullException(nameof(channel));
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _line = line ?? throw new ArgumentNullException(nameof(line));
        _robot = robot;
        _writer = new ProposalWriter(human, ActionSource.Human);
        _keeper = new LeaseKeeper(settings.Lease, settings.Motions.Count, () => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        _operators = settings.Lease.Priorities.Keys.ToDictionary(KeyName, n => n, StringComparer.Ordinal);
    }

    /// <summary>Who holds the lease, and everybody else.</summary>
    public LeaseKeeper Lease => _keeper;

    /// <summary>Messages that were none.</summary>
    public long Malformed { get; private set; }

    /// <summary>Name of an operator's key in the allow-list: 16 hexadecimal digits, as a robot's.</summary>
    public static string KeyName(string person) => $"{Identity64.Of("operator", person):x16}";

    /// <summary>One round.</summary>
    /// <param name="nowNs">Control's clock.</param>
    /// <param name="status">Control's newest word about itself.</param>
    public void Pump(long nowNs, ControlStatus status)
    {
        for (int i = 0; i < FramesPerPump && _channel.TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> frame); i++)
            Take(peer, Encoding.UTF8.GetString(user), frame, nowNs, status.Boot);
        _keeper.Advance(nowNs);
        Propose(nowNs, status.Boot);
        if (nowNs < _stateDueNs)
            return;
        _stateDueNs = nowNs + StateIntervalNs;
        foreach (LeaseSession session in _keeper.Sessions)
            Tell(session, nowNs, status);
    }

    private void Take(PeerAddress peer, string user, ReadOnlySpan<byte> bytes, long nowNs, ulong boot)
    {
        if (!TeleopMessage.TryReadHead(bytes, out TeleopKind kind, out ulong session))
            Malformed++;
        else if (kind == TeleopKind.Hello && TeleopHello.TryRead(bytes, out TeleopHello? hello))
            Admit(peer, user, session, hello!);
        else if (kind == TeleopKind.Motion && TeleopMotion.TryRead(bytes, _motions, out TeleopMotion motion) && IsFrom(session, user))
            Move(session, motion, nowNs, boot);
        else
            Malformed++;
    }

    private bool IsFrom(ulong session, string user) => _peers.TryGetValue(session, out (PeerAddress Peer, string User) known) && known.User == user;

    private void Admit(PeerAddress peer, string user, ulong session, TeleopHello hello)
    {
        if (!hello.Motions.SequenceEqual(_settings.Motions, StringComparer.Ordinal))
        {
            Refuse(peer, session, $"the mapping gives [{string.Join(", ", hello.Motions)}], {_robot} takes [{string.Join(", ", _settings.Motions)}]: use a mapping of this robot");
            return;
        }
        if (_peers.TryGetValue(session, out (PeerAddress Peer, string User) known) && known.User != user)
        {
            Refuse(peer, session, "this session belongs to another key");
            return;
        }
        string person = user.Length == 0 ? hello.Operator : _operators.GetValueOrDefault(user, user);
        LeaseSession opened = _keeper.Open(session, person);
        _peers[session] = (peer, user); // a node that reconnects keeps its session and has a new address
        foreach (ulong gone in _peers.Keys.Where(k => !_keeper.Sessions.Any(s => s.Id == k)).ToArray())
            _peers.Remove(gone);
        var grant = new TeleopGrant(opened.Nonce, (ushort)(_settings.Lease.LeaseNs / 1_000_000), opened.Priority, _robot);
        _channel.TrySend(peer, grant.Write(_buffer, session));
    }

    private void Refuse(PeerAddress peer, ulong session, string reason) => _channel.TrySend(peer, new TeleopRefusal(reason).Write(_buffer, session));

    private void Move(ulong session, in TeleopMotion motion, long nowNs, ulong boot)
    {
        if (_keeper.Accept(session, motion, nowNs, out TeleopAction action) != FrameVerdict.Ok || action == TeleopAction.None)
            return;
        // Stopping is anybody's right; what an episode was worth is for whoever commands, or for anybody where nobody does.
        if (action == TeleopAction.EmergencyStop || _keeper.Holder is null || _keeper.Holder.Id == session)
            _line.Send(VerbOf(action), boot);
    }

    private void Propose(long nowNs, ulong boot)
    {
        LeaseSession? holder = _keeper.Holder;
        if (holder is not null && boot != 0)
            _writer.Propose(holder.Motions, ProposalUnit.Motion, boot, nowNs, holder.ExpiresNs, holder.ExpiresNs);
        else if (_proposing)
            _writer.Withdraw(boot);
        _proposing = holder is not null && boot != 0;
    }

    private void Tell(LeaseSession session, long nowNs, ControlStatus status)
    {
        if (!_peers.TryGetValue(session.Id, out (PeerAddress Peer, string User) peer))
            return;
        var state = new TeleopState
        {
            AgentTimeNs = nowNs,
            Lease = session.State,
            Authority = status.Authority,
            Action = status.Action,
            Arming = (byte)status.Arming,
            Causes = status.Causes,
            Episodes = status.Episodes,
            Ticks = status.Ticks,
            DistanceM = (float)status.DistanceToTarget,
            Accepted = session.Accepted,
            Refused = session.Refused,
            LastRefusal = session.LastRefusal,
            Holder = _keeper.Holder?.Operator ?? "",
        };
        _channel.TrySend(peer.Peer, state.Write(_buffer, session.Id));
    }

    private static OperatorVerb VerbOf(TeleopAction action) => action switch
    {
        TeleopAction.Success => OperatorVerb.Success,
        TeleopAction.Failure => OperatorVerb.Failure,
        TeleopAction.Rerecord => OperatorVerb.Rerecord,
        TeleopAction.Terminate => OperatorVerb.Terminate,
        TeleopAction.Reset => OperatorVerb.Reset,
        TeleopAction.Confirm => OperatorVerb.Confirm,
        _ => OperatorVerb.EmergencyStop,
    };
}
