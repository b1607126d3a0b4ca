using Robotics.Core;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Guards;

/// <summary>What a device says of itself, from the driver to people: shared memory, the agent's log.</summary>
public sealed class DeviceReporterTests : IDisposable
{
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ManualClock _clock = new(5_000);
    private readonly Device _device = new();
    private readonly DeviceReporter _reporter;

    public DeviceReporterTests() => _reporter = new DeviceReporter(_device, _memory.Device, boot: 7, _clock);

    [Fact]
    public void Look_ServoGetsStuckInFlight_IsToldOnce()
    {
        (_device.IsReady, _device.IsObeying, _device.Diagnosis) = (true, true, "six servos: Ready");
        _reporter.Look();
        Assert.Equal(new DeviceReport(7, 5_000, "six servos: Ready"), Take());
        (_device.IsReady, _device.Diagnosis) = (false, "joint elbow (servo 3) is blocked");
        for (int i = 0; i < 3; i++)
            _reporter.Look();
        Assert.Equal("joint elbow (servo 3) is blocked", Take()?.Text);
        Assert.Null(Take());
        Assert.Equal(2, _memory.Device.Count);
        (_device.IsReady, _device.Diagnosis) = (true, "six servos: Ready");
        _reporter.Look();
        Assert.Equal("six servos: Ready", Take()?.Text);
    }

    [Fact]
    public void Look_DeviceObeys_AsksNothingAndAllocatesNothing()
    {
        (_device.IsReady, _device.IsObeying) = (true, true);
        _reporter.Look();
        int asked = _device.Asked;
        AllocationGuard.AssertNone(_reporter.Look);
        Assert.Equal(asked, _device.Asked);
    }

    // Another thread's driver may be found in the middle of a change.
    [Fact]
    public void Look_DriverThrows_LooksAgainLater()
    {
        _device.Throws = true;
        _reporter.Look();
        Assert.Null(Take());
        (_device.Throws, _device.Diagnosis) = (false, "identifying");
        _reporter.Look();
        Assert.Equal("identifying", Take()?.Text);
    }

    [Fact]
    public void Report_LongTextOfTheDeviceWithControlCharacters_IsCutAtACharacterAndCleaned()
    {
        new DeviceReport(1, 2, "\u001b[2J" + new string('ü', 2000)).PutInto(_memory.Device);
        string text = Take()!.Value.Text;
        Assert.StartsWith(" [2J", text, StringComparison.Ordinal);
        Assert.Equal(4 + ((DeviceReport.MaxLength - 16 - 4) / 2), text.Length);
        Assert.EndsWith("ü", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SafetyLog_DeviceSpeaks_IsALineOfJson()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("robotics-device-log").FullName, "safety.jsonl");
        new DeviceReport(7, 9, "it says: \"no\"").PutInto(_memory.Device);
        using (var log = new SafetyLog(_memory.Transitions, path, _memory.Device))
            log.Drain();
        using var line = System.Text.Json.JsonDocument.Parse(Assert.Single(File.ReadAllLines(path)));
        Assert.Equal("it says: \"no\"", line.RootElement.GetProperty("device").GetString());
        Assert.Equal("0000000000000007", line.RootElement.GetProperty("boot").GetString());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    public void Dispose() => _memory.Dispose();

    private DeviceReport? Take() => DeviceReport.TryTakeFrom(_memory.Device, out DeviceReport report) ? report : null;

    private sealed class Device : IDeviceReadiness
    {
        private string _diagnosis = "";

        public bool IsReady { get; set; }

        public double CommandTimeoutS => 0.1;

        public bool IsObeying { get; set; }

        public bool Throws { get; set; }

        public int Asked { get; private set; }

        public string Diagnosis
        {
            get
            {
                Asked++;
                return Throws ? throw new InvalidOperationException() : _diagnosis;
            }
            set => _diagnosis = value;
        }
    }
}
