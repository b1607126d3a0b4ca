using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.People;
using Robotics.Runtime.Tests.Control;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Runtime.Tests.People;

/// <summary>The lease over the secured link: real sockets and CURVE between node and station, injected time for everything else.</summary>
public sealed class TeleopOverCurveTests : IDisposable
{
    private const long PatienceNs = 20_000_000_000;
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-teleop-").FullName;
    private readonly SteeredFlight _flight = new(episodeSteps: 100_000, limited: false);
    private readonly ZmqLearnerChannel _robot;
    private readonly TeleopStation _station;
    private readonly ReportedDevice _pad = new("pad", ["a0", "a1", "a2", "a3"], ["b0"]);

    public TeleopOverCurveTests()
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        foreach (string person in (string[])["instructor", "bob"])
            LinkKeys.Create(_root, Identity64.Of("operator", person));
        (CurveKeyPair own, IReadOnlyDictionary<string, string> allowed) = LinkKeys.LoadLearner(_root);
        _robot = new ZmqLearnerChannel("tcp://127.0.0.1:*", own, allowed);
        _station = new TeleopStation(_robot, _flight.Memory.HumanProposals, _flight.Robot.SteeringSettings!, "sim-quad-fs", new NoLine());
    }

    public void Dispose()
    {
        _robot.Dispose();
        _flight.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private ActionSource Authority => _flight.Robot.Supervisor.Authority;

    // What a node says about its person does not count: the key does.
    [Fact]
    public void Pump_KeyOnTheList_CommandsUnderTheNameOfTheKeyAndHandsBack()
    {
        using ZmqEdgeChannel channel = Connect("instructor");
        TeleopNode node = Node(channel, claims: "bob");
        Hold(true);
        Assert.True(RunUntil(channel, node, () => Authority == ActionSource.Human), node.Trouble + node.Refusal);
        Assert.Equal("instructor", _station.Lease.Holder!.Operator);
        Hold(false);
        Assert.True(RunUntil(channel, node, () => Authority == ActionSource.Policy));
        Assert.Equal(0, _robot.RefusedKeys);
        Assert.Equal(0, _station.Malformed);
    }

    [Fact]
    public void Connect_KeyNotOnTheList_IsRefusedAndCountedWithTheReasonAndNeverCommands()
    {
        CurveKeyPair stranger = CurveKeyPair.Generate();
        using var channel = new ZmqEdgeChannel(_robot.Endpoint, stranger, LinkKeys.LoadEdge(_root, Identity64.Of("operator", "bob")).LearnerKey);
        TeleopNode node = Node(channel, claims: "instructor");
        Hold(true);
        Assert.True(RunUntil(channel, node, () => node.Trouble.Contains("not on its allow-list", StringComparison.Ordinal) && _robot.RefusedKeys > 0), node.Trouble);
        Assert.Equal(stranger.PublicKey, _robot.LastRefusedKey);
        AssertNobody(node);
    }

    [Theory]
    [InlineData(true)] // another robot's public key
    [InlineData(false)] // no keys at all
    public void Connect_WrongRobotKeyOrNone_HandshakeFailsAndNobodyCommands(bool hasKeys)
    {
        using var channel = hasKeys
            ? new ZmqEdgeChannel(_robot.Endpoint, LinkKeys.LoadEdge(_root, Identity64.Of("operator", "bob")).Keys, CurveKeyPair.Generate().PublicKey)
            : new ZmqEdgeChannel(_robot.Endpoint, null, null);
        TeleopNode node = Node(channel, claims: "bob");
        Hold(true);
        Assert.True(RunUntil(channel, node, () => node.Trouble.Length > 0), "no trouble was told");
        AssertNobody(node);
    }

    // Bob has a key of his own and the instructor's frames, recorded before they were encrypted: they count neither from him nor twice.
    [Fact]
    public void Receive_FramesOfAnotherKeysSession_AreRefusedAndDoNotHoldTheLease()
    {
        using ZmqEdgeChannel channel = Connect("instructor"), bob = Connect("bob");
        var recorded = new Recording(channel);
        TeleopNode node = Node(recorded, claims: "instructor");
        Hold(true);
        Assert.True(RunUntil(channel, node, () => Authority == ActionSource.Human), node.Trouble + node.Refusal);
        long before = _station.Malformed;
        int sent = 0;
        Assert.True(
            RunUntil(channel, null, () => Authority == ActionSource.Policy && _station.Lease.Holder is null && _station.Malformed > before, () => sent += bob.TrySend(recorded.Last) ? 1 : 0), // she fell silent, he replays
            $"{Authority}, {_station.Malformed - before} of {sent} frames refused");
    }

    private void AssertNobody(TeleopNode node)
    {
        Assert.Empty(_station.Lease.Sessions);
        Assert.Equal(ActionSource.Policy, Authority);
        Assert.Null(node.State);
        Assert.Equal(0, node.Sent);
    }

    private ZmqEdgeChannel Connect(string person)
    {
        (CurveKeyPair keys, string robot) = LinkKeys.LoadEdge(_root, Identity64.Of("operator", person));
        return new ZmqEdgeChannel(_robot.Endpoint, keys, robot);
    }

    private TeleopNode Node(IEdgeChannel channel, string claims)
    {
        string path = Path.Combine(_root, "seat.yaml");
        string[] motions = ["forward", "left", "up", "turn"];
        File.WriteAllText(path, """
            mapping: seat
            device: joy
            dead_man: b0
            motions: [{ motion: forward, axis: a0 }, { motion: left, axis: a1 }, { motion: up, axis: a2 }, { motion: turn, axis: a3 }]
            actions: []
            """);
        ConfigDocument document = ConfigDocument.Load(path);
        InputMapping mapping = InputMapping.Read(document, _pad, motions);
        document.ThrowIfBad();
        return new TeleopNode(channel, _pad, mapping, claims, motions);
    }

    private bool _held;

    private void Hold(bool held) => _held = held;

    // A control tick of 2 ms of injected time with every round in front of it; sockets get real time, which a deadline bounds.
    private bool RunUntil(ZmqEdgeChannel channel, TeleopNode? node, Func<bool> condition, Action? each = null)
    {
        long start = MonotonicClock.Instance.NowNs;
        while (!condition() && MonotonicClock.Instance.NowNs - start < PatienceNs)
        {
            each?.Invoke();
            _pad.Report([0, 0, 0, 0], [_held], _flight.NowNs);
            node?.Pump(_flight.NowNs);
            _robot.Wait(1);
            ControlStatus status = default;
            _flight.Rig.Describe(ref status, _flight.Robot, 0, 0);
            _station.Pump(_flight.NowNs, status);
            channel.Wait(1);
            _flight.Tick();
            while (_flight.Memory.Records.TryRead(out _))
                _flight.Memory.Records.Release();
        }
        return condition();
    }

    private sealed class NoLine : IOperatorLine
    {
        public bool Send(OperatorVerb verb, ulong boot) => true;
    }

    /// <summary>Keeps a copy of the frame sent last, as somebody on the sender's machine could.</summary>
    private sealed class Recording(IEdgeChannel channel) : IEdgeChannel
    {
        public byte[] Last { get; private set; } = [];

        public long Connections => channel.Connections;

        public string Trouble => channel.Trouble;

        public bool TrySend(ReadOnlySpan<byte> frame)
        {
            Last = frame.ToArray();
            return channel.TrySend(frame);
        }

        public bool TryReceive(out ReadOnlySpan<byte> frame) => channel.TryReceive(out frame);

        public void Wait(int timeoutMs) => channel.Wait(timeoutMs);

        public void Dispose() => channel.Dispose();
    }
}
