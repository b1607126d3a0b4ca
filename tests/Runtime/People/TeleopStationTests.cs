using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Runtime.People;
using Robotics.Runtime.Tests.Control;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Runtime.Tests.People;

/// <summary>Nodes and the agent's station over an in-memory link, in front of a flying robot, on injected time.</summary>
public sealed class TeleopStationTests : IDisposable
{
    private readonly SteeredFlight _flight = new(episodeSteps: 100_000, limited: false);
    private readonly MemoryLink _link = new(capacity: 64);
    private readonly RecordedLine _line = new();
    private readonly List<Seat> _seats = [];
    private TeleopStation _station;

    public TeleopStationTests() => _station = NewStation();

    public void Dispose()
    {
        foreach (Seat seat in _seats)
            seat.Channel.Dispose();
        _link.Dispose();
        _flight.Dispose();
    }

    private TeleopStation NewStation() => new(_link.Learner, _flight.Memory.HumanProposals, _flight.Robot.SteeringSettings!, "sim-quad-fs", _line);

    private Seat Sit(string person, params string[] motions)
    {
        var seat = new Seat(_link.Connect(), person, motions.Length > 0 ? motions : ["forward", "left", "up", "turn"]);
        _seats.Add(seat);
        return seat;
    }

    // One control tick of 2 ms with every node's and the station's round in front of it.
    private void Run(int ticks, Action? before = null)
    {
        for (int i = 0; i < ticks; i++)
        {
            before?.Invoke();
            foreach (Seat seat in _seats.Where(s => !s.Frozen))
                seat.Node.Pump(_flight.NowNs);
            ControlStatus status = default;
            _flight.Rig.Describe(ref status, _flight.Robot, 0, 0);
            _station.Pump(_flight.NowNs, status);
            _flight.Tick();
            while (_flight.Memory.Records.TryRead(out _))
                _flight.Memory.Records.Release();
        }
    }

    private ActionSource Authority => _flight.Robot.Supervisor.Authority;

    [Fact]
    public void Pump_PersonHoldsTheSwitch_CommandsWithinAFrameAndHandsBackWhenItIsLetGo()
    {
        Seat ann = Sit("ann");
        Run(100);
        Assert.Equal(ActionSource.Policy, Authority);
        ann.Hold(1, 0, 0, 0);
        Run(1);
        Assert.Equal(ActionSource.Human, Authority); // a press is sent at once, not with the next frame
        Run(500);
        Assert.True(_flight.State("linear_velocity.x") > 0.6f);
        Assert.Equal(LeaseState.Held, ann.Node.State!.Lease);
        Assert.Equal(ActionSource.Human, ann.Node.State.Authority);
        ann.LetGo();
        Run(1);
        Assert.Equal(ActionSource.Policy, Authority);
    }

    [Fact]
    public void Pump_NodeFreezesWithTheSwitchHeld_PersonIsGoneAfterTheLease()
    {
        Seat ann = Sit("ann");
        ann.Hold(0, 0, 0, 0);
        Run(200);
        Assert.Equal(ActionSource.Human, Authority);
        ann.Frozen = true;
        int held = 0;
        Run(100, () => held += Authority == ActionSource.Human ? 1 : 0);
        Assert.Equal(ActionSource.Policy, Authority);
        Assert.InRange(held, 40, 51); // 100 ms after the last frame, which was up to 20 ms before: R13 asks for D + 1 T
        ann.Frozen = false; // thaws, still held: counts after 200 ms without a gap
        Run(90);
        Assert.Equal(ActionSource.Policy, Authority);
        Run(60);
        Assert.Equal(ActionSource.Human, Authority);
    }

    [Fact]
    public void Pump_TwoPeople_HigherPriorityCommandsAndNothingIsAveraged()
    {
        Seat ann = Sit("ann"), teacher = Sit("instructor");
        Run(20);
        ann.Hold(1, 0, 0, 0);
        Run(20);
        teacher.Hold(-1, 0, 0, 0);
        Run(700);
        Assert.Equal("instructor", ann.Node.State!.Holder);
        Assert.Equal(LeaseState.Preempted, ann.Node.State.Lease);
        Assert.Equal(LeaseState.Held, teacher.Node.State!.Lease);
        Assert.True(_flight.State("linear_velocity.x") < -0.8f, $"{_flight.State("linear_velocity.x")} m/s: not what the instructor asked for"); // the average would be 0
    }

    [Fact]
    public void Pump_AgentRestarts_NodeSaysHelloAgainAndOldActionsAreNotRepeated()
    {
        Seat ann = Sit("ann");
        Run(50);
        ann.Press(0);
        Run(50);
        Assert.Equal([OperatorVerb.Success], _line.Sent);
        _station = NewStation();
        Run(600); // the node notices the silence after 500 ms
        ann.Hold(0, 0, 0, 0);
        Run(20);
        Assert.Equal(ActionSource.Human, Authority);
        Assert.Equal([OperatorVerb.Success], _line.Sent);
    }

    [Fact]
    public void Pump_ActionsOfSomebodyWhoDoesNotCommand_OnlyTheEmergencyStopCounts()
    {
        Seat ann = Sit("ann"), bob = Sit("bob");
        Run(20);
        ann.Hold(0, 0, 0, 0);
        Run(20);
        bob.Press(0);
        Run(20);
        Assert.Empty(_line.Sent);
        bob.Press(8);
        Run(20);
        Assert.Equal([OperatorVerb.EmergencyStop], _line.Sent);
    }

    [Fact]
    public void Pump_MappingOfAnotherRobot_IsRefusedInWords()
    {
        Seat ann = Sit("ann", "x", "y");
        Run(20);
        Assert.Contains("[x, y]", ann.Node.Refusal, StringComparison.Ordinal);
        Assert.Contains("[forward, left, up, turn]", ann.Node.Refusal, StringComparison.Ordinal);
        ann.Hold();
        Run(50);
        Assert.Equal(ActionSource.Policy, Authority);
    }

    [Fact]
    public void Pump_RandomBytesFromALivePeer_ChangesNothing()
    {
        Seat ann = Sit("ann");
        var random = new SeededRandom(3, "station");
        using IEdgeChannel stranger = _link.Connect();
        ann.Hold(0, 0, 0, 0);
        var bytes = new byte[200];
        Run(500, () =>
        {
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)random.NextInt(256);
            "RBTP\x01\x00\x04\x00"u8.CopyTo(bytes);
            stranger.TrySend(bytes.AsSpan(0, random.NextInt(bytes.Length)));
        });
        Assert.Equal(ActionSource.Human, Authority);
        Assert.True(_station.Malformed > 300);
        Assert.Single(_station.Lease.Sessions);
    }

    private sealed class RecordedLine : IOperatorLine
    {
        public List<OperatorVerb> Sent { get; } = [];

        public bool Send(OperatorVerb verb, ulong boot)
        {
            Assert.Equal(SteeredFlight.Boot, boot);
            Sent.Add(verb);
            return true;
        }
    }

    /// <summary>A person at a node whose device a test holds: four axes are the motions, button 5 is the switch, as on the page.</summary>
    private sealed class Seat
    {
        private readonly ReportedDevice _device = new("seat", ["a0", "a1", "a2", "a3"], [.. Enumerable.Range(0, 9).Select(i => $"b{i}")]);
        private readonly bool[] _buttons = new bool[9];
        private float[] _axes = [];

        public Seat(IEdgeChannel channel, string person, string[] motions)
        {
            Channel = channel;
            string path = Path.GetTempFileName();
            File.WriteAllText(path, $$"""
                mapping: seat
                device: joy
                dead_man: b5
                motions: [{{string.Join(", ", motions.Select((m, i) => $"{{ motion: {m}, axis: a{i} }}"))}}]
                actions: [{ button: b0, action: success }, { button: b8, action: emergency_stop }]
                """);
            ConfigDocument document = ConfigDocument.Load(path);
            InputMapping mapping = InputMapping.Read(document, _device, motions);
            document.ThrowIfBad();
            File.Delete(path);
            Node = new TeleopNode(channel, new Fresh(_device, this), mapping, person, motions);
        }

        public IEdgeChannel Channel { get; }

        public TeleopNode Node { get; }

        public bool Frozen { get; set; }

        public void Hold(params float[] motions) => (_axes, _buttons[5]) = (motions, true);

        public void LetGo() => _buttons[5] = false;

        public void Press(int button) => _buttons[button] = true;

        // Reports its present state in every round, as a device that repeats does.
        private sealed class Fresh(ReportedDevice device, Seat seat) : InputDevice("seat", device.AxisNames, device.ButtonNames)
        {
            public override void Poll(long nowNs)
            {
                device.Report(seat._axes, seat._buttons, nowNs);
                device.Poll(nowNs);
                IsPresent = device.IsPresent;
                for (int i = 0; i < AxisNames.Count; i++)
                    SetAxis(i, device.Axis(i));
                for (int i = 0; i < ButtonNames.Count; i++)
                    SetButton(i, device.IsHeld(i));
            }
        }
    }
}
