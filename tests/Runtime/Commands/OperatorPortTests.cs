using System.Net;
using System.Net.Sockets;
using Robotics.Runtime.Commands;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Commands;

public sealed class OperatorPortTests : IDisposable
{
    private const ulong Boot = 42;
    private static readonly byte[] s_key = [.. Enumerable.Range(1, OperatorKey.Length).Select(i => (byte)i)];
    private readonly OperatorPort _port = new(
        Path.Combine(Path.GetTempPath(), $"robotics-test-{Guid.NewGuid():N}.sock"), Boot, new IPEndPoint(IPAddress.Loopback, 0), s_key);
    private readonly Desk _desk = new();

    public void Dispose() => _port.Dispose();

    private IPEndPoint Address => new(IPAddress.Loopback, _port.UdpPort);

    [Fact]
    public async Task TrySend_Arm_LearnsTheBootAndHearsTheStateAfterIt()
    {
        using var client = new OperatorClient(Address, s_key, MonotonicClock.Instance);
        OperatorReply after = default;
        Task<bool> sending = Task.Run(() => client.TrySend(OperatorVerb.Arm, 20_000, out after), TestContext.Current.CancellationToken);
        while (!sending.IsCompleted)
            _port.Serve(_desk);
        Assert.True(await sending);
        Assert.Equal([OperatorVerb.Arm], _desk.Obeyed.Distinct());
        Assert.Equal((Boot, ArmingState.Armed), (after.Boot, after.Arming));
        Assert.Equal(0, _port.Refused);
    }

    [Fact]
    public void Serve_ForgedAndReplayedDatagrams_AreRefusedAndNotAnswered()
    {
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        socket.Connect(Address);
        var datagram = new byte[OperatorCommandCodec.Length];
        byte[] wrong = [.. s_key.Reverse()];
        foreach ((OperatorVerb verb, byte[] key) in new[] { (OperatorVerb.Hello, wrong), (OperatorVerb.EmergencyStop, wrong), (OperatorVerb.Arm, s_key), (OperatorVerb.Arm, s_key) })
        {
            OperatorCommandCodec.Encode(verb, 5, Boot, key, datagram);
            socket.Send(datagram);
        }
        while (_port.Refused + _desk.Obeyed.Count < 4)
            _port.Serve(_desk);
        Assert.Equal([OperatorVerb.Arm], _desk.Obeyed);
        Assert.Equal(3, _port.Refused);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public void Serve_AFloodOfStops_TakesAFewPerTickAndAllocatesNothing()
    {
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        socket.Connect(Address);
        var datagram = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(OperatorVerb.EmergencyStop, 1, 0, s_key, datagram);
        for (int i = 0; i < 50; i++)
            socket.Send(datagram);
        _desk.Keep = false;
        while (_desk.Count == 0)
            _port.Serve(_desk);
        Assert.InRange(_desk.Count, 1, 2);
        AllocationGuard.AssertNone(() => _port.Serve(_desk));
        Assert.Equal(50, _desk.Count);
    }

    [Fact]
    public void Constructor_UdpWithoutAKey_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new OperatorPort("/nowhere", Boot, new IPEndPoint(IPAddress.Loopback, 0)));

    [Fact]
    public void Key_CreatedOnce_IsReadBackAndADamagedOneIsADiagnosis()
    {
        string folder = Directory.CreateTempSubdirectory("robotics-key").FullName;
        try
        {
            Assert.Contains("config keys", Assert.Throws<InvalidDataException>(() => OperatorKey.Load(folder)).Message, StringComparison.Ordinal);
            Assert.True(OperatorKey.Create(folder));
            Assert.False(OperatorKey.Create(folder));
            Assert.Equal(OperatorKey.Length, OperatorKey.Load(folder).Length);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OperatorKey.PathIn(folder)));
            File.WriteAllText(OperatorKey.PathIn(folder), "not a key");
            Assert.Contains("64 hexadecimal", Assert.Throws<InvalidDataException>(() => OperatorKey.Load(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The switch of a transmitter: a stop acts in its tick, opening it never moves the robot, and arming needs a fresh press.
    [Fact]
    public void Switches_StopAndArm_LatchAndNeedAFreshPress()
    {
        using var robot = new SwitchRobot();
        Assert.Equal(ArmingState.Armed, robot.Tick(arm: 1, stop: 0));
        Assert.Equal(ArmingState.Latched, robot.Tick(arm: 1, stop: 1));
        Assert.Equal(ArmingState.Latched, robot.Tick(arm: 1, stop: 0));
        Assert.Equal(ArmingState.Disarmed, robot.Tick(arm: 0, stop: 0));
        Assert.Equal(ArmingState.Armed, robot.Tick(arm: 1, stop: 0));
    }

    private sealed class Desk : IOperatorDesk
    {
        public List<OperatorVerb> Obeyed { get; } = [];

        public int Count { get; private set; }

        public bool Keep { get; set; } = true;

        public ArmingState Arming => Obeyed.Contains(OperatorVerb.Arm) ? ArmingState.Armed : ArmingState.Disarmed;

        public SafetyAction Action => SafetyAction.PowerCut;

        public void Obey(OperatorVerb verb)
        {
            Count++;
            if (Keep)
                Obeyed.Add(verb);
        }
    }
}
