using System.Diagnostics;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Servos;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary>The ramp of the limping process on the wire, frame by frame, while the cable of the bus is pulled in the middle of it.</summary>
[Collection(WallClockCollection.Name)]
public sealed class LimpRampTests : IDisposable
{
    private const double RampS = 0.4;
    private const int TorqueLimit = 48; // register of the STS3215, docs/guides/serial.md
    private const int SyncWrite = 0x83;
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"ramp-{Environment.ProcessId}";
    private readonly EdgeMemory _memory;

    public LimpRampTests()
    {
        EdgeMemory.Delete(_name);
        _memory = EdgeMemory.Open(_name);
    }

    public void Dispose()
    {
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete(LimpStandby.PathOf(_name));
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_CableIsPulledInTheRamp_TorqueGoesOnFallingAndNeverRisesAgain()
    {
        using Process control = Process.Start("sleep", "600"); // a control process that dies in motion; nobody else speaks on the bus
        string port = _folder["port"];
        PseudoTerminal bus = PseudoTerminal.Create();
        File.CreateSymbolicLink(port, bus.PortPath);
        using var limp = new LimpProcess(Arm(port), RampS, _name, control.Id);
        new ControlStatus { Boot = 1, Ticks = 1, Action = SafetyAction.Nominal }.PutInto(_memory.Status);
        Task<bool> run = Task.Factory.StartNew(limp.Run, TaskCreationOptions.LongRunning);
        control.Kill();
        var limits = new List<int>();
        ReadUntil(bus, limits, () => limits.Count >= 6);
        bus.Dispose();
        File.Delete(port);
        using PseudoTerminal again = PseudoTerminal.Create();
        File.CreateSymbolicLink(port, again.PortPath);
        ReadUntil(again, limits, () => run.IsCompleted);
        Assert.True(await run);
        Assert.Equal(0, limits[^1]);
        Assert.All(limits.Zip(limits.Skip(1)), pair => Assert.True(pair.Second <= pair.First, $"the torque limit rose again: {string.Join(' ', limits)}"));
    }

    private static ServoArmOptions Arm(string port)
    {
        ConfigDocument robot = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", "so101-arm", "robot.yaml"));
        robot.Override($"driver.endpoint=serial:{port}:1000000");
        ServoArmOptions options = ServoArmOptions.Read(robot.Root);
        Assert.Empty(robot.Problems);
        return options;
    }

    private static void ReadUntil(PseudoTerminal bus, List<int> limits, Func<bool> done)
    {
        var bytes = new List<byte>();
        var buffer = new byte[256];
        long deadline = MonotonicClock.Instance.NowNs + 30_000_000_000;
        while (!done())
        {
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"the ramp stands still after {limits.Count} frames");
            if (bus.TryRead(buffer, out int count) == StreamStatus.Ok)
                bytes.AddRange(buffer.AsSpan(0, count));
            Parse(bytes, limits);
            Thread.Yield();
        }
    }

    // FF FF FE LENGTH 83 ADDRESS BYTES (ID LOW HIGH)... SUM: the first servo's limit of every whole frame.
    private static void Parse(List<byte> bytes, List<int> limits)
    {
        while (bytes.Count >= 4 && bytes.Count >= 4 + bytes[3])
        {
            if (bytes[4] == SyncWrite && bytes[5] == TorqueLimit)
                limits.Add(bytes[8] | (bytes[9] << 8));
            bytes.RemoveRange(0, 4 + bytes[3]);
        }
    }
}
