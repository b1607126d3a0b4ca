using System.Text;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Runtime;

/// <summary>The edge's side of the link: records from the spool up to the learner, policies down. Protocol: docs/formats/link.md.</summary>
/// <remarks>
/// One thread, which calls <see cref="Pump"/> often; never blocks. The spool stays the system of record: whatever the link or the learner does,
/// a record is only forgotten after the learner has persisted it. Times come from the caller: wall pace for sockets, simulated time for a memory link.
/// </remarks>
public sealed class EdgeLink : IDisposable
{
    private const int MostReports = 32; // words about policies that wait for a session; beyond that the oldest go
    private const int FramesPerPump = 256; // a flooding peer must not keep the caller from its other work

    private readonly SpoolWriter _spool;
    private readonly IEdgeChannel _channel;
    private readonly EdgeLinkOptions _options;
    private readonly Uplink _uplink;
    private readonly Downlink _downlink = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly Queue<(PolicyStamp Policy, ushort Check, byte[] Text)> _reports = new();
    private uint _session;
    private ulong _nonce;
    private long _connections = -1;
    private long _helloPauseNs;
    private long _helloDueNs = long.MinValue;
    private long _heardNs;
    private long _beatNs = long.MinValue;
    private long _progressNs;

    /// <summary>A link for what <paramref name="spool"/> records.</summary>
    /// <param name="spool">The present boot's spool; appended to by the same thread.</param>
    /// <param name="channel">Frames to the learner; owned by the caller.</param>
    /// <param name="options">Times and limits.</param>
    public EdgeLink(SpoolWriter spool, IEdgeChannel channel, EdgeLinkOptions? options = null)
    {
        _spool = spool ?? throw new ArgumentNullException(nameof(spool));
        _channel = channel ?? throw new ArgumentNullException(nameof(channel));
        _options = options ?? new EdgeLinkOptions();
        _uplink = new Uplink(spool, _options.SendEarlierBoots);
        _helloPauseNs = _options.HelloNs;
    }

    /// <summary>Where the edge stands with its learner.</summary>
    public EdgeLinkState State { get; private set; }

    /// <summary>Why the learner refused, for programs.</summary>
    public LinkRefusal Refusal { get; private set; }

    /// <summary>Why there is no session, in one line for people; empty while connected.</summary>
    public string Trouble => State == EdgeLinkState.Connected ? "" : RefusalText.Length > 0 ? RefusalText : _channel.Trouble;

    /// <summary>Greatest sequence of the present boot that the learner has persisted.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>Sequence of the present boot up to which a lockstep edge may run; 0 until the learner has said so, all ones for no limit.</summary>
    public ulong Granted { get; private set; }

    /// <summary>Streams of ended boots still to be sent before the present one's.</summary>
    public int EarlierBootsLeft => _uplink.EarlierLeft;

    /// <summary>The learner's run; 0 before the first welcome.</summary>
    public ulong Run { get; private set; }

    /// <summary>The learner's epoch.</summary>
    public uint Epoch { get; private set; }

    /// <summary>The policy that is installed; told to the learner.</summary>
    public PolicyIdentity Installed { get; set; }

    /// <summary>The newest policy the learner announced; none before the first.</summary>
    public PolicyIdentity Announced => Identity(_downlink.Announced);

    /// <summary>What the link has done.</summary>
    public EdgeLinkCounters Counters { get; } = new();

    private string RefusalText { get; set; } = "";

    /// <summary>Receives, greets where needed, sends what is due.</summary>
    /// <param name="nowNs">Monotonic time of the caller's choice, always the same clock.</param>
    public void Pump(long nowNs)
    {
        Receive(nowNs);
        Greet(nowNs);
        if (State != EdgeLinkState.Connected)
            return;
        SendRecords(nowNs);
        _downlink.Request(_channel, _session, _buffer, Counters, nowNs);
        SendReports();
        Beat(nowNs);
    }

    /// <summary>Waits for the learner to send something, at most <paramref name="timeoutMs"/>: for a lockstep edge that has used up its grant.</summary>
    public void Wait(int timeoutMs) => _channel.Wait(timeoutMs);

    /// <summary>Hashes of the bundle that <see cref="TryTakePolicy"/> gave last, made while it came; null before the first.</summary>
    public BundleHashes? PolicyHashes => _downlink.Hashes;

    /// <summary>Gives the newest policy bundle once it is whole, once.</summary>
    /// <param name="bundle">Its bytes, the caller's from now on; not yet verified as a policy.</param>
    /// <param name="identity">What the learner says it is.</param>
    public bool TryTakePolicy(out ReadOnlyMemory<byte> bundle, out PolicyIdentity identity)
    {
        bundle = default;
        identity = default;
        if (!_downlink.HasBundle)
            return false;
        bundle = _downlink.Bundle;
        identity = Identity(_downlink.Stamp);
        _downlink.Take();
        return true;
    }

    /// <summary>Tells the learner, as soon as there is a session, that a policy was refused or given up.</summary>
    /// <param name="policy">Which one.</param>
    /// <param name="check">Number of the failed check (docs/formats/bundle.md).</param>
    /// <param name="text">Check, value and limit, for people.</param>
    public void Report(PolicyIdentity policy, ushort check, string text)
    {
        _reports.Enqueue((Stamp(policy), check, Encoding.UTF8.GetBytes(text)));
        if (_reports.Count > MostReports)
            _reports.Dequeue();
    }

    /// <summary>Notes on disk how far the present boot is persisted, and closes the reader. The channel stays with its owner.</summary>
    public void Dispose()
    {
        _uplink.MarkCurrent(Run);
        _uplink.Dispose();
        _downlink.Dispose();
    }

    private void Receive(long nowNs)
    {
        for (int i = 0; i < FramesPerPump && _channel.TryReceive(out ReadOnlySpan<byte> bytes); i++)
        {
            if (LinkFrame.TryRead(bytes, out LinkFrame frame) != FrameStatus.Ok || !Handle(frame, nowNs))
                Counters.BadFrames++;
        }
    }

    private bool Handle(in LinkFrame frame, long nowNs)
    {
        if (frame.Kind == LinkKind.Welcome)
            return Welcome(frame, nowNs);
        if (frame.Kind == LinkKind.Refuse)
            return Refuse(frame, nowNs);
        if (State != EdgeLinkState.Connected || frame.Session != _session)
            return true; // a late frame of an ended session: nothing wrong with it, nothing to do with it
        _heardNs = nowNs;
        switch (frame.Kind)
        {
            case LinkKind.Progress:
                return ProgressMessage.TryRead(frame.Body, out ProgressMessage progress) && Note(progress, nowNs);
            case LinkKind.Resend:
                return ResendMessage.TryRead(frame.Body, out ResendMessage resend) && Rewind(resend.After, nowNs);
            case LinkKind.PolicyAnnounce when PolicyAnnounceMessage.TryRead(frame.Body, out PolicyAnnounceMessage announce):
                _downlink.Announce(announce);
                return true;
            case LinkKind.PolicyChunk when PolicyChunkMessage.TryRead(frame.Body, out PolicyChunkMessage chunk):
                _downlink.Accept(chunk, Counters, nowNs);
                return true;
            case LinkKind.HeartbeatReply when HeartbeatMessage.TryRead(frame.Body, out HeartbeatMessage beat):
                Counters.RoundTripNs = nowNs - beat.TimeNs;
                return true;
            default:
                return false;
        }
    }

    private bool Welcome(in LinkFrame frame, long nowNs)
    {
        if (!WelcomeMessage.TryRead(frame.Body, out WelcomeMessage welcome))
            return false;
        if (welcome.Nonce != _nonce || welcome.Boot != _uplink.Reader.Stream.Boot || State == EdgeLinkState.Connected)
            return true; // an answer to an older hello
        State = EdgeLinkState.Connected;
        Refusal = LinkRefusal.None;
        RefusalText = "";
        Counters.Welcomes++;
        _session = frame.Session;
        _helloPauseNs = _options.HelloNs;
        _heardNs = _progressNs = nowNs;
        _beatNs = long.MinValue;
        Run = welcome.Run;
        Epoch = welcome.Epoch;
        _uplink.Encoding = welcome.Encoding;
        _uplink.Rewind(welcome.Received);
        _downlink.Restart();
        return Note(new ProgressMessage(welcome.Persisted, welcome.Received, welcome.Granted), nowNs);
    }

    private bool Refuse(in LinkFrame frame, long nowNs)
    {
        if (!RefuseMessage.TryRead(frame.Body, out RefuseMessage refuse))
            return false;
        bool answersHello = refuse.Nonce == _nonce && State != EdgeLinkState.Connected;
        bool endsSession = refuse.Reason == LinkRefusal.UnknownSession && State == EdgeLinkState.Connected && frame.Session == _session;
        if (endsSession)
            BeginGreeting(nowNs);
        if (!answersHello)
            return true;
        Counters.Refusals++;
        Refusal = refuse.Reason;
        RefusalText = $"the learner refused: {Encoding.UTF8.GetString(refuse.Text)}";
        State = EdgeLinkState.Refused;
        // What an ended boot recorded under another task is not what this learner learns; it stays on disk.
        if (!_uplink.IsCurrent && refuse.Reason is LinkRefusal.Schema or LinkRefusal.Store)
        {
            _uplink.Leave(null, Run);
            BeginGreeting(nowNs);
        }
        return true;
    }

    private bool Note(in ProgressMessage progress, long nowNs)
    {
        if (_uplink.NoteIngested(progress.Ingested))
            _progressNs = nowNs;
        if (_uplink.IsCurrent)
        {
            Acknowledged = Math.Max(Acknowledged, progress.Persisted);
            Granted = progress.Granted;
            _spool.Acknowledge(Acknowledged);
        }
        else if (_uplink.IsEarlierDone(progress.Persisted))
        {
            _uplink.Leave(progress.Persisted, Run);
            BeginGreeting(nowNs);
        }
        return true;
    }

    private bool Rewind(ulong after, long nowNs)
    {
        Counters.Rewinds++;
        _progressNs = nowNs;
        _uplink.Rewind(after);
        return true;
    }

    private void BeginGreeting(long nowNs)
    {
        State = EdgeLinkState.Greeting;
        _session = 0;
        _helloPauseNs = _options.HelloNs;
        _helloDueNs = nowNs;
    }

    private void Greet(long nowNs)
    {
        if (State == EdgeLinkState.Connected && nowNs - _heardNs > _options.SilenceNs)
        {
            Counters.Silences++;
            BeginGreeting(nowNs);
        }
        if (_channel.Connections != _connections)
        {
            _connections = _channel.Connections;
            BeginGreeting(nowNs);
        }
        if (State == EdgeLinkState.Connected || (_helloDueNs != long.MinValue && nowNs < _helloDueNs))
            return;
        SpoolReader reader = _uplink.Reader;
        var hello = new HelloMessage
        {
            Robot = reader.Stream.Robot,
            Boot = reader.Stream.Boot,
            Nonce = ++_nonce,
            SchemaHash = reader.Schema.Hash,
            Installed = Stamp(Installed),
            Schema = reader.Schema.Description,
        };
        if (_channel.TrySend(hello.Write(_buffer)))
            Counters.Hellos++;
        _helloDueNs = nowNs + _helloPauseNs;
        _helloPauseNs = Math.Min(2 * _helloPauseNs, _options.HelloMaxNs);
    }

    private void SendRecords(long nowNs)
    {
        if (_uplink.IsWaiting && nowNs - _progressNs > _options.ResendNs)
            Rewind(_uplink.Ingested, nowNs);
        if (!_uplink.IsWaiting)
            _progressNs = nowNs;
        _uplink.Send(_channel, _session, _options.WindowBytes, Counters);
    }

    private void SendReports()
    {
        while (_reports.TryPeek(out (PolicyStamp Policy, ushort Check, byte[] Text) next)
            && _channel.TrySend(new PolicyReportMessage { Stamp = next.Policy, Check = next.Check, Text = next.Text }.Write(_buffer, _session)))
            _reports.Dequeue();
    }

    private void Beat(long nowNs)
    {
        if (_beatNs != long.MinValue && nowNs - _beatNs < _options.HeartbeatNs)
            return;
        if (_channel.TrySend(new HeartbeatMessage(nowNs, _spool.LastAppended, Stamp(Installed)).Write(_buffer, _session)))
            _beatNs = nowNs;
    }

    private static PolicyIdentity Identity(PolicyStamp s) => new(s.Run, s.Epoch, s.Counter, s.ContentHash);

    private static PolicyStamp Stamp(PolicyIdentity p) => new(p.Run, p.Epoch, p.Counter, p.ContentHash);
}
