using System.Diagnostics;
using System.Text;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Mcu;

namespace Robotics.Serial.Tests;

public sealed class McuTests
{
    private const long TickNs = 10_000_000;

    [Theory]
    [InlineData("11220033", "0311220233")]
    [InlineData("00", "0101")]
    [InlineData("", "01")]
    public void Cobs_Golden_EncodesAndDecodes(string plain, string coded)
    {
        var buffer = new byte[300];
        int n = Cobs.Encode(Convert.FromHexString(plain), buffer);
        Assert.Equal(coded, Convert.ToHexStringLower(buffer.AsSpan(0, n)));
        Assert.True(Cobs.TryDecode(buffer.AsSpan(0, n), new byte[300], out int length));
        Assert.Equal(plain.Length / 2, length);
    }

    [Fact]
    public void Cobs_EveryLengthAndManyZeros_RoundTrips()
    {
        var random = new SeededRandom(8, "cobs");
        var coded = new byte[600];
        var back = new byte[600];
        for (int length = 0; length <= 520; length++)
        {
            byte[] plain = [.. Enumerable.Range(0, length).Select(_ => (byte)(random.NextInt(8) == 0 ? 0 : random.NextInt(256)))];
            if (length is 254 or 255 or 508)
                plain.AsSpan().Fill(7);
            int n = Cobs.Encode(plain, coded);
            Assert.Equal(-1, coded.AsSpan(0, n).IndexOf((byte)0));
            Assert.True(n <= length + 1 + (length / 254));
            Assert.True(Cobs.TryDecode(coded.AsSpan(0, n), back, out int m));
            Assert.Equal(plain, back[..m]);
        }
    }

    [Fact]
    public void Crc_CheckValue_AgreesInBothLanguages()
    {
        byte[] check = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xE3069283u, McuFrame.Crc(check));
        Assert.Equal(0xE3069283u, R1Firmware.Crc(check));
    }

    [Fact]
    public void Write_Command_IsTheGoldenFrameOfTheFormatPage()
    {
        var wire = new byte[300];
        int n = McuFrame.Write(wire, McuMessageType.Command, 7, 1_000_000, [50, 0, 1, 0, 0, 0, 0, 0x3F]);
        Assert.Equal("040102070440420f02320201010101063f2727f04d00", Convert.ToHexStringLower(wire.AsSpan(0, n)));
    }

    [Fact]
    public void Arming_ChallengeAnswered_OutputsFollowAtTheirRate()
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.5f);
        Assert.Equal(McuState.Armed, rig.Driver.State);
        Assert.Equal(0.5f, rig.Firmware.Output(0), 1e-6f);
        Assert.Equal(0.5f, rig.Sample.Values[0], 1e-6f);
        rig.Run(0.02, SafetyAction.Nominal, 1.0f);
        Assert.InRange(rig.Firmware.Output(0), 0.55f, 0.71f); // 10 per second: at most 0.2 in two ticks
    }

    [Fact]
    public void OtherLimitTable_IsRefusedBeforeArming()
    {
        using var rig = new Rig(firmwareRate: 11);
        rig.Run(2.0, SafetyAction.Nominal, 0.5f);
        Assert.False(rig.Driver.IsReady);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        Assert.Contains("limit hash", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(0, rig.Firmware.State);
    }

    // R15: the control process is killed; what was declared happens within valid_for_ms (5 frames of 10 ms).
    [Theory]
    [InlineData(0, 0.0f, 0.0f)]
    [InlineData(1, 0.7f, 0.0f)]
    [InlineData(2, 0.8f, 0.8f)]
    public void HostKilled_SafeActionRunsOnExpiry(int safeAction, float tenMsLater, float secondLater)
    {
        using var rig = new Rig(safeAction);
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        int ms = 0;
        while (rig.Firmware.State == (byte)McuState.Armed && ms < 500)
        {
            rig.Firmware.Millisecond();
            ms++;
        }
        Assert.InRange(ms, 50, 51);
        for (int i = 0; i < 9; i++)
            rig.Firmware.Millisecond();
        Assert.Equal(tenMsLater, rig.Firmware.Output(0), 0.011f);
        for (int i = 0; i < 1000; i++)
            rig.Firmware.Millisecond();
        Assert.Equal(secondLater, rig.Firmware.Output(0), 0.01f);
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
    }

    [Fact]
    public void AfterFallback_OnlyANewArmingMovesItAgain()
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        for (int i = 0; i < 100; i++)
            rig.Firmware.Millisecond();
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        rig.Run(0.1, SafetyAction.PowerCut, 0);
        Assert.Equal((byte)McuState.Disarmed, rig.Firmware.State);
        rig.Run(0.5, SafetyAction.Nominal, 0.3f);
        Assert.Equal((byte)McuState.Armed, rig.Firmware.State);
    }

    [Fact]
    public void EmergencyStop_LatchesUntilClearedAndArmedAnew()
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        rig.Raw(McuMessageType.EmergencyStop, 9000, []);
        rig.Firmware.Millisecond();
        Assert.Equal((byte)McuState.Latched, rig.Firmware.State);
        Assert.Equal(0, rig.Firmware.Output(0));
        rig.Raw(McuMessageType.Disarm, 9001, []);
        rig.Run(0.5, SafetyAction.Nominal, 0.8f);
        Assert.Equal((byte)McuState.Latched, rig.Firmware.State);
        rig.Run(0.1, SafetyAction.PowerCut, 0);
        Assert.Equal((byte)McuState.Disarmed, rig.Firmware.State);
    }

    [Fact]
    public void ReplayedCommands_DoNotExtendTheirValidity()
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        byte[] old = rig.Last;
        for (int i = 0; i < 60; i++)
        {
            rig.Firmware.Receive(old);
            rig.Firmware.Millisecond();
        }
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void NotFiniteCommand_IsRefusedAndTheLastOneExpires(float value)
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        rig.Run(0.1, SafetyAction.Nominal, value);
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
        Assert.True(float.IsFinite(rig.Firmware.Output(0)));
    }

    [Fact]
    public void WrongAnswerOrSecondTry_DoesNotArm()
    {
        using var rig = new Rig();
        rig.Run(0.5, SafetyAction.PowerCut, 0);
        rig.Raw(McuMessageType.ArmRequest, 9000, []);
        rig.Raw(McuMessageType.ArmConfirm, 9001, [1, 2, 3, 4]);
        rig.Raw(McuMessageType.ArmConfirm, 9002, [1, 2, 3, 5]);
        rig.Firmware.Millisecond();
        Assert.Equal((byte)McuState.Disarmed, rig.Firmware.State);
    }

    [Fact]
    public void ValidFor_LongerThanTheFirmwareAllows_IsClampedToTwoHundredMilliseconds()
    {
        using var rig = new Rig(validForMs: 60_000);
        rig.Run(1.0, SafetyAction.Nominal, 0.8f);
        for (int i = 0; i < 202; i++)
            rig.Firmware.Millisecond();
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
    }

    [Fact]
    public void TenPercentByteLoss_NoFalseCommandAndASafeEnd()
    {
        using var rig = new Rig();
        rig.Run(1.0, SafetyAction.Nominal, 0.5f);
        rig.Faults.Faults = new StreamFaults { ByteLoss = 0.1 };
        rig.Run(3.0, SafetyAction.Nominal, 0.5f);
        Assert.InRange(rig.Firmware.Output(0), 0f, 0.5f);
        Assert.Equal((byte)McuState.Fallback, rig.Firmware.State);
    }

    // A million random bytes and as many damaged frames: nothing arms, nothing moves, and the next two true frames work.
    [Fact]
    public void Fuzz_FirmwareSurvivesAndNeverArms()
    {
        using var rig = new Rig();
        var random = new SeededRandom(2, "fuzz");
        var noise = new byte[200];
        for (int i = 0; i < 10_000; i++)
        {
            for (int k = 0; k < noise.Length; k++)
                noise[k] = (byte)random.NextInt(i % 2 == 0 ? 256 : 4); // every other round full of delimiters and short codes
            rig.Firmware.Receive(noise);
            if (i % 10 == 0)
                rig.Firmware.Millisecond();
        }
        Assert.Equal((byte)McuState.Disarmed, rig.Firmware.State);
        Assert.Equal(0, rig.Firmware.Output(0));
        rig.Run(1.0, SafetyAction.Nominal, 0.5f);
        Assert.Equal((byte)McuState.Armed, rig.Firmware.State);
    }

    // The firmware as another process behind a real pseudo-terminal, in real time; a deadline of seconds only ends a broken run.
    [Fact]
    public void FirmwareProcess_OnAPty_ArmsAndFallsBackWhenTheHostStops()
    {
        using Process process = R1Firmware.Start();
        string port = process.StandardOutput.ReadLine()!;
        using var driver = new McuDriver(Options(100, 1), SerialPort.Open(port, 115_200), MonotonicClock.Instance);
        var sample = new SensorSample(driver.StateChannels);
        SafeCommand command = CommandForge.Make([0.4f, 0, 0, 0]);
        Assert.True(Until(() =>
        {
            driver.Read(sample);
            driver.Write(command);
            return driver.State == McuState.Armed && sample.Values[0] > 0.39f;
        }), driver.Diagnosis);
        Assert.True(Until(() =>
        {
            driver.Read(sample);
            return driver.State == McuState.Fallback;
        }), driver.Diagnosis);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(10_000));

        static bool Until(Func<bool> done)
        {
            using var pause = new ManualResetEventSlim();
            for (int i = 0; i < 4000 && !done(); i++)
                pause.Wait(5);
            return done();
        }
    }

    private static McuDriverOptions Options(int validForMs, int safeAction) =>
        new()
        {
            Endpoint = new ByteEndpoint(EndpointKind.Serial, "/dev/x", 1),
            Limits = [.. Enumerable.Range(0, 4).Select(i => new McuLimit($"axis.{i}", "1", -1, 1, 10, 0))],
            ValidForMs = validForMs,
            SafeAction = safeAction,
        };

    private sealed class Rig : IDisposable
    {
        private readonly MemoryStreamPair _pair = new();
        private readonly ManualClock _clock = new(1_000_000_000);
        private readonly Recorder _recorder;

        public Rig(int safeAction = 1, float firmwareRate = 10, int validForMs = 50)
        {
            Firmware = new R1Firmware(_pair.Device, safeAction, firmwareRate);
            Faults = new FaultyByteStream(_pair.Host, _clock, 3);
            _recorder = new Recorder(Faults);
            Driver = new McuDriver(Options(validForMs, safeAction), _recorder, _clock);
            Sample = new SensorSample(Driver.StateChannels);
        }

        public R1Firmware Firmware { get; }

        public FaultyByteStream Faults { get; }

        public McuDriver Driver { get; }

        public SensorSample Sample { get; }

        public byte[] Last => _recorder.Last;

        public void Run(double seconds, SafetyAction action, float value)
        {
            SafeCommand command = CommandForge.Make([value, value, value, value], action);
            for (int i = 0; i < seconds * 100; i++)
            {
                _clock.Advance(TickNs);
                for (int ms = 0; ms < 10; ms++)
                    Firmware.Millisecond();
                Driver.Read(Sample);
                Driver.Write(command);
            }
        }

        public void Raw(McuMessageType type, ushort sequence, byte[] payload)
        {
            var wire = new byte[300];
            Firmware.Receive(wire.AsSpan(0, McuFrame.Write(wire, type, sequence, 0, payload)));
        }

        public void Dispose() => Firmware.Dispose();
    }

    private sealed class Recorder(IByteStream inner) : IByteStream
    {
        public byte[] Last { get; private set; } = [];

        public string Name => inner.Name;

        public StreamStatus TryRead(Span<byte> buffer, out int count) => inner.TryRead(buffer, out count);

        public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
        {
            Last = bytes.ToArray();
            return inner.TryWrite(bytes, out count);
        }

        public bool Wait(int timeoutMs) => inner.Wait(timeoutMs);

        public void Dispose() => inner.Dispose();
    }
}
