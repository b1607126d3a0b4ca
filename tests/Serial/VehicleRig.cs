using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Models;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

/// <summary>An emulated autopilot and our driver joined in memory, in simulated time at 100 Hz.</summary>
internal sealed class VehicleRig : IDisposable
{
    public const long TickNs = 10_000_000;
    private readonly float[] _values;

    public VehicleRig(AutopilotKind flavour, VehicleSetpoint setpoint, double timeoutS = 0.5, AutopilotKind? declared = null, byte target = 1, IReadOnlyList<byte>? key = null)
    {
        Options = new MavlinkDriverOptions
        {
            Endpoint = new ByteEndpoint(EndpointKind.Udp, "", 1),
            Autopilot = declared ?? flavour,
            Setpoint = setpoint,
            SetpointTimeoutS = timeoutS,
            TargetSystem = target,
            TakeoffHeightM = flavour == AutopilotKind.ArduPilot ? 5 : 0,
            Limit = 5,
            SigningKey = key,
        };
        var pair = new MemoryStreamPair(1 << 16);
        Faults = new FaultyByteStream(pair.Host, Clock, seed: 5);
        Autopilot = new EmulatedAutopilot(flavour, Airframe(), pair.Device);
        Driver = new MavlinkDriver(Options, Faults, Clock);
        Sample = new SensorSample(Driver.StateChannels);
        _values = new float[Driver.CommandChannels.Count];
    }

    public ManualClock Clock { get; } = new(1_000_000_000_000);

    public MavlinkDriverOptions Options { get; }

    public FaultyByteStream Faults { get; }

    public EmulatedAutopilot Autopilot { get; }

    public MavlinkDriver Driver { get; }

    public SensorSample Sample { get; }

    public double Height => Autopilot.Position.Z;

    public static QuadrotorParameters Airframe()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "hardware", "sim-quad-x500-sim", "robot.yaml");
        return QuadrotorParameters.Read(ConfigDocument.Load(path).Root.Map("airframe"));
    }

    /// <summary>One tick: time passes, the driver reads, then writes what <paramref name="command"/> gives (null: the control process is dead).</summary>
    public WriteStatus Tick(SafetyAction? command = null, params ReadOnlySpan<float> values)
    {
        Clock.Advance(TickNs);
        Autopilot.AdvanceTo(Autopilot.TimeNs + TickNs);
        if (command is null)
            return WriteStatus.Ok;
        Driver.Read(Sample);
        values.CopyTo(_values);
        return Driver.Write(CommandForge.Make(_values, command.Value));
    }

    public void Run(double seconds, SafetyAction? command = null, params ReadOnlySpan<float> values)
    {
        for (int i = 0; i < seconds * 100; i++)
            Tick(command, values);
    }

    public bool RunUntil(Func<bool> condition, double seconds, SafetyAction command, params ReadOnlySpan<float> values)
    {
        for (int i = 0; i < seconds * 100 && !condition(); i++)
            Tick(command, values);
        return condition();
    }

    public void MakeReady() => Assert.True(RunUntil(() => Driver.IsReady, 20, SafetyAction.PowerCut), Driver.Diagnosis);

    /// <summary>Up to five metres, flying on velocity set-points.</summary>
    public void TakeOff()
    {
        MakeReady();
        Assert.True(RunUntil(() => Driver.Engagement == EngagementStage.Active, 30, SafetyAction.Nominal, 0, 0, 0, 0), Driver.Diagnosis);
        Assert.True(RunUntil(() => Height > 4.8, 30, SafetyAction.Nominal, 0, 0, 1.5f, 0), $"height {Height}");
        Run(2, SafetyAction.Nominal, 0, 0, 0, 0);
    }

    public void Dispose() => Driver.Dispose();
}
