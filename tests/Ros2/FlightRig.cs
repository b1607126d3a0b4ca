using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Drivers.Ros2;
using Robotics.Models;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

/// <summary>hardware/sim-quad-ros2 in lockstep: simulated robot and driver as two participants that talk over DDS, on one virtual clock.</summary>
internal sealed class FlightRig : IDisposable
{
    public const double PeriodS = 0.01;
    private const long StepNs = 1_000_000;
    private const int StepsPerTick = 10;
    private readonly ConfigDocument _document;

    public FlightRig()
    {
        Assert.SkipUnless(Robotics.Drivers.Ros2.Dds.DdsLibrary.IsAvailable(out string reason), reason);
        _document = Load();
        Driver = (Ros2Driver)RobotDrivers.Create(_document.Root, Clock, 1);
        Supervisor = SafetySupervisor.Read(_document.Root, Driver.StateChannels, Driver.CommandChannels, PeriodS);
        _document.Root.String("robot");
        _document.Root.Number("control_rate_hz");
        _document.Root.Map("driver").MapOrNull("simulator");
        _document.ThrowIfBad();
        Sample = new SensorSample(Driver.StateChannels);
        Proposal = new Proposal(Driver.CommandChannels.Count);
    }

    public ManualClock Clock { get; } = new(1_000_000_000);

    public Ros2Driver Driver { get; }

    public SafetySupervisor Supervisor { get; }

    public SensorSample Sample { get; }

    public Proposal Proposal { get; }

    public SimulatedRosQuadrotor? Simulator { get; private set; }

    public SafeCommand Last { get; private set; }

    /// <summary>Starts the robot's process, so to speak, and waits until both sides see each other.</summary>
    public void StartSimulator()
    {
        ConfigDocument document = Load();
        Ros2DriverSettings settings = Ros2DriverSettings.Read(document.Root.Map("driver"), document.Root.Map("channels"));
        Simulator = new SimulatedRosQuadrotor(settings, QuadrotorParameters.Read(document.Root.Map("airframe")), Clock);
        Ros.Await(() => Driver.Health().All(h => h.Publishers == 1) && Simulator.Node.Context.Graph.Nodes.Any(n => n.Name == "quad_driver"), "driver and simulator see each other");
        Ros.Await(() => Driver.Node!.Context.Graph.Nodes.Any(n => n.Name == "simulated_robot"), "driver sees the simulator");
    }

    public void StopSimulator()
    {
        Simulator!.Dispose();
        Simulator = null;
    }

    /// <summary>One control period: the robot integrates and publishes, the driver reads, the supervisor filters, the command goes back.</summary>
    public void Tick()
    {
        long[] before = [.. Driver.Health().Select(h => h.Received)];
        for (int i = 0; i < StepsPerTick; i++)
        {
            Clock.Advance(StepNs);
            Simulator?.Advance();
        }
        if (Simulator is not null)
            Ros.Await(() => Driver.Health().Zip(before).All(h => h.First.Received > h.Second), "a sample of every topic");
        Driver.Read(Sample);
        Last = Supervisor.Filter(Proposal, Sample, Clock.NowNs);
        long commands = Simulator?.Commands ?? 0;
        Driver.Write(Last);
        if (Simulator is not null)
            Ros.Await(() => Simulator.Commands > commands, "the command at the robot");
    }

    public void Arm()
    {
        Ros.Await(() => Driver.IsReady, $"the robot proves its identity: {Driver.Diagnosis}");
        Supervisor.Confirm(ArmingChecks.DeviceTimeout | ArmingChecks.DeviceIdentity, Driver.IsReady);
        Supervisor.Confirm(ArmingChecks.Policy, ok: true);
        Assert.True(Supervisor.TryArm(out ArmingChecks missing), $"missing: {missing}");
    }

    public void Dispose()
    {
        Simulator?.Dispose();
        Driver.Dispose();
    }

    private static ConfigDocument Load()
    {
        ConfigDocument document = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "hardware", "sim-quad-ros2", "robot.yaml"));
        document.Override($"driver.domain={Ros.Domain}");
        document.Override("driver.interface=lo");
        return document;
    }
}
