using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Learner;

/// <summary>The learner's side of the link: takes each transition in once, stores it, acknowledges what is persisted, hands policies out.</summary>
/// <remarks>
/// One thread, which calls <see cref="Poll"/>. Protocol: docs/formats/link.md. Whatever a peer sends is counted and dropped where it is wrong;
/// nothing a peer sends can end the learner.
/// </remarks>
public sealed class LearnerEndpoint
{
    private const int FramesPerPoll = 256; // the caller also has to train
    private const long ResendPauseNs = 1_000_000_000; // one question per gap, asked again after this

    private readonly ILearnerChannel _channel;
    private readonly ExperienceStore _store;
    private readonly ITransitionSink _sink;
    private readonly LearnerEndpointOptions _options;
    private readonly Dictionary<PeerAddress, LearnerSession> _sessions = [];
    private readonly List<PeerAddress> _gone = [];
    private readonly PolicyShelf _policies = new();
    private readonly byte[] _buffer = new byte[LinkLimits.PolicyChunkBytes + 1024];
    private uint _lastSession;
    private long _nowNs; // of the latest poll

    /// <summary>An endpoint behind <paramref name="channel"/>.</summary>
    /// <param name="channel">Frames from and to edges; owned by the caller.</param>
    /// <param name="store">Where transitions are kept; owned by the caller.</param>
    /// <param name="sink">Who learns from them.</param>
    /// <param name="options">Who may speak, and how far.</param>
    public LearnerEndpoint(ILearnerChannel channel, ExperienceStore store, ITransitionSink sink, LearnerEndpointOptions options)
    {
        _channel = channel ?? throw new ArgumentNullException(nameof(channel));
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _sink = sink ?? throw new ArgumentNullException(nameof(sink));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        Epoch = options.Epoch;
        _lastSession = options.Epoch << 16; // a session of a former life is never taken for one of this
    }

    /// <summary>What the endpoint has seen.</summary>
    public LearnerCounters Counters { get; } = new();

    /// <summary>This learner's epoch: that of its start, or a later one where a robot reported a policy of the run from a life that this learner does not know.</summary>
    public uint Epoch { get; private set; }

    /// <summary>What an edge said last about a policy it refused or gave up; empty for nothing.</summary>
    public string LastPolicyReport { get; private set; } = "";

    /// <summary>Edges that are connected.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Policies installed on the connected edges, as they last told.</summary>
    public IEnumerable<PolicyIdentity> Installed =>
        _sessions.Values.Select(s => new PolicyIdentity(s.Installed.Run, s.Installed.Epoch, s.Installed.Counter, s.Installed.ContentHash));

    /// <summary>Waits for frames, takes them in, commits what is due and tells each edge how far it is.</summary>
    /// <param name="nowNs">Monotonic time of the caller's choice, always the same clock.</param>
    /// <param name="waitMs">Longest wait for the first frame; 0 only looks.</param>
    /// <returns>New transitions taken in.</returns>
    public long Poll(long nowNs, int waitMs = 0)
    {
        _nowNs = nowNs;
        long before = Counters.Ingested;
        if (waitMs > 0)
            _channel.Wait(waitMs);
        for (int i = 0; i < FramesPerPoll && _channel.TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> bytes); i++)
            Receive(peer, user, bytes, nowNs);
        _store.Pump(nowNs);
        Tell();
        ForgetSilent(nowNs);
        return Counters.Ingested - before;
    }

    /// <summary>Makes all that was taken in durable and tells the edges: before a planned end.</summary>
    public void Commit()
    {
        _store.Commit();
        Tell();
    }

    /// <summary>Hands a policy to all edges, connected and to come; the newest wins.</summary>
    /// <exception cref="ArgumentException">The bundle is beyond the link's limit: our own mistake.</exception>
    public void Publish(PolicyBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        Publish(bundle.Bytes, bundle.FileHash, bundle.Identity);
    }

    /// <summary>Hands bytes out as a policy, whatever they are: edges judge them.</summary>
    /// <exception cref="ArgumentException">They are none, or beyond the limit: our own mistake.</exception>
    public void Publish(ReadOnlySpan<byte> bundle, PolicyIdentity identity) => Publish(bundle.ToArray(), SHA256.HashData(bundle), identity);

    private void Publish(ReadOnlyMemory<byte> bundle, ReadOnlySpan<byte> hash, PolicyIdentity identity)
    {
        if (bundle.IsEmpty || bundle.Length > LinkLimits.MaxPolicyBytes)
            throw new ArgumentException($"a policy bundle has 1 to {LinkLimits.MaxPolicyBytes} bytes, not {bundle.Length}", nameof(bundle));
        _policies.Put(bundle, hash, new PolicyStamp(identity.Run, identity.Epoch, identity.Counter, identity.ContentHash), _nowNs);
        Counters.Published++;
        foreach (LearnerSession session in _sessions.Values)
            Announce(session);
    }

    private void Receive(PeerAddress peer, ReadOnlySpan<byte> user, ReadOnlySpan<byte> bytes, long nowNs)
    {
        FrameStatus status = LinkFrame.TryRead(bytes, out LinkFrame frame);
        if (status == FrameStatus.OtherVersion)
        {
            Counters.RefusedVersion++;
            Refuse(peer, 0, 0, LinkRefusal.ProtocolVersion, $"this learner speaks link protocol {LinkLimits.ProtocolVersion}, the peer speaks {frame.Version}: update the older side");
            return;
        }
        if (status != FrameStatus.Ok)
        {
            Drop(peer, status.ToString());
            return;
        }
        if (frame.Kind == LinkKind.Hello)
        {
            Greet(peer, user, frame, nowNs);
            return;
        }
        if (!_sessions.TryGetValue(peer, out LearnerSession? session) || session.Id != frame.Session)
        {
            Send(peer, new RefuseMessage { Reason = LinkRefusal.UnknownSession, Text = "unknown session: say hello"u8 }.Write(_buffer, frame.Session));
            return;
        }
        session.HeardNs = nowNs;
        if (!Handle(session, frame, nowNs))
            Drop(peer, $"{frame.Kind} {FrameStatus.BadBody}");
    }

    private bool Handle(LearnerSession session, in LinkFrame frame, long nowNs)
    {
        switch (frame.Kind)
        {
            case LinkKind.Data when DataMessage.TryRead(frame.Body, out DataMessage data):
                Ingest(session, data, nowNs);
                return true;
            case LinkKind.Heartbeat when HeartbeatMessage.TryRead(frame.Body, out HeartbeatMessage beat):
                session.Installed = beat.Installed;
                session.Recorded = beat.Recorded;
                session.Told = default; // the last progress may have been lost: tell again
                Send(session.Peer, beat.Write(_buffer, session.Id, LinkKind.HeartbeatReply));
                if (beat.Installed != _policies.Newest)
                    Announce(session); // an announcement may have been lost; the edge ignores one it knows
                return true;
            case LinkKind.PolicyReport when PolicyReportMessage.TryRead(frame.Body, out PolicyReportMessage report):
                Note(session, report);
                return true;
            case LinkKind.PolicyRequest when PolicyRequestMessage.TryRead(frame.Body, out PolicyRequestMessage request):
                if (_policies.TryPiece(request.Hash, request.Offset, _nowNs, out ReadOnlySpan<byte> piece))
                {
                    Counters.Chunks++;
                    Send(session.Peer, new PolicyChunkMessage { Hash = request.Hash, Offset = request.Offset, Bytes = piece }.Write(_buffer, session.Id));
                }
                return true;
            default:
                return false;
        }
    }

    private void Note(LearnerSession session, in PolicyReportMessage report)
    {
        PolicyStamp policy = report.Stamp;
        Counters.PolicyReports++;
        LastPolicyReport = Encoding.UTF8.GetString(report.Text);
        Log(Counters.PolicyReports, $"robot {session.Stream.Robot:x16} on policy {policy.Epoch}.{policy.Counter}: {LastPolicyReport}");
    }

    // A learner that lost its checkpoint, or came late: what a robot flies is newer than anything this epoch could publish. Only a later
    // epoch can follow it; the robot would refuse all else as old.
    private void FollowEpoch(PolicyStamp installed)
    {
        bool isOurs = installed.Epoch == Epoch && installed.Counter <= _policies.Newest.Counter && !_policies.IsEmpty;
        if (installed.Run != _options.Run || installed.ContentHash == 0 || installed.Epoch < Epoch || isOurs || installed.Epoch == uint.MaxValue)
            return;
        _options.Log?.Invoke(
            $"a robot flies policy {installed.Epoch}.{installed.Counter} of this run, which this learner (epoch {Epoch}) did not publish: "
                + $"its checkpoint is older or gone. Epoch {installed.Epoch + 1} begins");
        Epoch = installed.Epoch + 1;
        _lastSession = Math.Max(_lastSession, Epoch << 16);
        _options.EpochBegun?.Invoke(Epoch);
    }

    private void Ingest(LearnerSession session, in DataMessage data, long nowNs)
    {
        if (data.Previous > session.Store.LastAppended)
        {
            Counters.Gaps++;
            AskAgain(session, nowNs);
            return;
        }
        ReadOnlySpan<byte> rest = data.Records;
        for (uint i = 0; i < data.Count; i++)
        {
            if (!session.TryNext(ref rest, out TransitionHeader header, out ReadOnlySpan<byte> record))
            {
                Counters.BadRecords++;
                Log(Counters.BadRecords, $"dropped a bad record of {session.Stream.FolderName} from {session.Peer}");
                AskAgain(session, nowNs);
                return;
            }
            if (!Take(session, header, record))
                return;
        }
    }

    private bool Take(LearnerSession session, in TransitionHeader header, ReadOnlySpan<byte> record)
    {
        SpoolStatus status = _store.Append(session.Store, header, record);
        if (status == SpoolStatus.Ok)
        {
            Counters.Ingested++;
            _sink.Ingest(session.Store.Schema, header, record);
            return true;
        }
        if (status == SpoolStatus.Duplicate)
        {
            Counters.Repeated++;
            return true;
        }
        // Not acknowledged, so the edge keeps it and sends it again when its patience ends.
        Counters.RefusedStore++;
        Log(Counters.RefusedStore, $"the store cannot take {header.Identity} ({status}): {Why(session.Store)}");
        return false;
    }

    private string Why(SpoolWriter store) => store.LastFailure.Length > 0 || store.IsFull
        ? store.LastFailure : $"it holds {_store.Bytes} bytes, its bound (store.max_mib with when_full: refuse): raise it, or choose when_full: drop_oldest";

    private void AskAgain(LearnerSession session, long nowNs)
    {
        ulong after = session.Store.LastAppended;
        if (session.ResendAskedAt == after && nowNs - session.ResendAskedNs < ResendPauseNs)
            return;
        if (!Send(session.Peer, new ResendMessage(after).Write(_buffer, session.Id)))
            return;
        session.ResendAskedAt = after;
        session.ResendAskedNs = nowNs;
    }

    private void Greet(PeerAddress peer, ReadOnlySpan<byte> user, in LinkFrame frame, long nowNs)
    {
        if (!HelloMessage.TryRead(frame.Body, out HelloMessage hello) || !TransitionSchema.TryParse(hello.Schema, out TransitionSchema? schema)
            || schema!.Hash != hello.SchemaHash)
        {
            Drop(peer, "hello " + FrameStatus.BadBody);
            Refuse(peer, 0, 0, LinkRefusal.Malformed, "the hello cannot be read");
            return;
        }
        LinkRefusal refusal = Judge(hello, user, schema, peer, out string why);
        if (refusal != LinkRefusal.None)
        {
            Refuse(peer, 0, hello.Nonce, refusal, why);
            return;
        }
        FollowEpoch(hello.Installed);
        var stream = new SpoolStream(hello.Robot, hello.Boot);
        Supersede(peer, stream);
        try
        {
            Welcome(new LearnerSession(++_lastSession, peer, _store.Open(stream, schema), hello.Encoding) { HeardNs = nowNs, Installed = hello.Installed }, hello.Nonce);
        }
        catch (SpoolException e)
        {
            Counters.RefusedStore++;
            Refuse(peer, 0, hello.Nonce, LinkRefusal.Store, e.Message);
        }
    }

    private void Welcome(LearnerSession session, ulong nonce)
    {
        _sessions.Add(session.Peer, session);
        ProgressMessage progress = session.Progress(_options.GrantLeadSteps);
        session.Told = progress;
        Send(session.Peer, new WelcomeMessage(
            nonce, session.Stream.Boot, progress.Ingested, progress.Persisted, progress.Granted, _options.Run, Epoch, session.Encoding).Write(_buffer, session.Id));
        Announce(session);
        _options.Log?.Invoke($"welcomed robot {session.Stream.Robot:x16} boot {session.Stream.Boot:x16}, resuming after {progress.Ingested}");
    }

    private LinkRefusal Judge(in HelloMessage hello, ReadOnlySpan<byte> user, TransitionSchema schema, PeerAddress peer, out string why)
    {
        why = "";
        if (!MaySpeak(hello.Robot, user))
        {
            Counters.RefusedRobot++;
            why = $"robot {hello.Robot:x16} is not on this learner's list, or its key belongs to another robot";
            return LinkRefusal.UnknownRobot;
        }
        if (_options.Schema is not null && !_options.Schema.Equals(schema))
        {
            Counters.RefusedSchema++;
            why = $"the edge records {schema}, this learner learns {_options.Schema}: use the same task file on both sides";
            return LinkRefusal.Schema;
        }
        if (_sessions.Count >= _options.MaxSessions && !_sessions.ContainsKey(peer))
        {
            Counters.RefusedQuota++;
            why = $"{_sessions.Count} robots are connected, the limit is {_options.MaxSessions}";
            return LinkRefusal.Quota;
        }
        if (_options.MaxBytesPerRobot > 0 && _store.BytesOf(hello.Robot) is long bytes && bytes >= _options.MaxBytesPerRobot)
        {
            Counters.RefusedQuota++;
            why = $"the store holds {bytes} bytes of robot {hello.Robot:x16}, the limit is {_options.MaxBytesPerRobot}: raise it or archive old boots";
            return LinkRefusal.Quota;
        }
        return LinkRefusal.None;
    }

    private bool MaySpeak(ulong robot, ReadOnlySpan<byte> user)
    {
        if (_options.Robots is not null && !_options.Robots.Contains(robot))
            return false;
        return user.IsEmpty || user.SequenceEqual("*"u8)
            || Encoding.UTF8.GetString(user) == robot.ToString("x16", CultureInfo.InvariantCulture);
    }

    // One session per stream and per connection: the newest hello is the one that counts.
    private void Supersede(PeerAddress peer, SpoolStream stream)
    {
        foreach (LearnerSession session in _sessions.Values)
        {
            if (session.Peer == peer || session.Stream == stream)
                _gone.Add(session.Peer);
        }
        Forget();
        CloseUnused(stream);
    }

    private void ForgetSilent(long nowNs)
    {
        foreach (LearnerSession session in _sessions.Values)
        {
            if (nowNs - session.HeardNs > _options.SilenceNs)
                _gone.Add(session.Peer);
        }
        if (_gone.Count == 0)
            return;
        Forget();
        CloseUnused(next: default);
    }

    private void Forget()
    {
        foreach (PeerAddress peer in _gone)
            _sessions.Remove(peer);
        _gone.Clear();
    }

    // What nobody speaks for needs no open file; the stream about to be opened keeps what it has in memory.
    private void CloseUnused(SpoolStream next)
    {
        foreach (SpoolStream open in _store.OpenStreams)
        {
            if (open != next && !_sessions.Values.Any(s => s.Stream == open))
                _store.Close(open);
        }
    }

    private void Tell()
    {
        foreach (LearnerSession session in _sessions.Values)
        {
            ProgressMessage progress = session.Progress(_options.GrantLeadSteps);
            if (progress != session.Told && Send(session.Peer, progress.Write(_buffer, session.Id)))
                session.Told = progress;
        }
    }

    private void Announce(LearnerSession session)
    {
        if (!_policies.IsEmpty)
            Send(session.Peer, _policies.Announce(_buffer, session.Id));
    }

    private bool Send(PeerAddress peer, ReadOnlySpan<byte> frame) => _channel.TrySend(peer, frame);

    private void Refuse(PeerAddress peer, uint session, ulong nonce, LinkRefusal reason, string text)
    {
        _options.Log?.Invoke($"refused {peer}: {text}");
        Send(peer, new RefuseMessage { Nonce = nonce, Reason = reason, Text = Encoding.UTF8.GetBytes(text) }.Write(_buffer, session));
    }

    private void Drop(PeerAddress peer, string what)
    {
        Counters.BadFrames++;
        Log(Counters.BadFrames, $"dropped a bad frame ({what}) from {peer}");
    }

    // The first, then every time the count doubles: a hostile peer must not fill the log.
    private void Log(long count, string line)
    {
        if (long.IsPow2(count))
            _options.Log?.Invoke($"{line}; {count} so far");
    }
}
