using Robotics.Configuration;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Safety;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Serial;

/// <summary>A real robot's configuration in the real control loop, in lockstep, its device emulated behind <c>endpoint: emulator</c>.</summary>
internal sealed class RealRobotFlight : IDisposable
{
    private readonly ManualClock _clock = new(1_000_000_000);
    private readonly LockstepPacer _pacer;

    public RealRobotFlight(string run, byte[] image, FlightOptions options)
    {
        Robot = RobotRig.Load(RunDescription.Load(run), _clock, ["driver.endpoint=emulator"]);
        Memory = EdgeMemory.Private();
        _pacer = new LockstepPacer(_clock, Robot.PeriodNs);
        Rig = new ControlRig(Robot, _clock, Memory, boot: 7, options);
        Memory.Policies.TryPut(image); // what was offered before a start belongs to an earlier life
    }

    public RobotRig Robot { get; }

    public EdgeMemory Memory { get; }

    public ControlRig Rig { get; }

    public SafetySupervisor Supervisor => Robot.Supervisor;

    public IDeviceReadiness Device => (IDeviceReadiness)Robot.Driver;

    public long NowNs => _clock.NowNs;

    /// <summary>The autopilot at the other end of the link.</summary>
    public EmulatedAutopilot Autopilot => (EmulatedAutopilot)((EmulatorByteStream)((MavlinkDriver)Robot.Driver).Vehicle.Link.Stream).Device;

    public static string RunFile(string name) => Path.Combine(SharedData.RepositoryRoot, "runs", name);

    public void Tick()
    {
        _pacer.WaitForNextTick();
        Rig.Loop.Tick();
    }

    public bool RunUntil(Func<bool> done, double seconds)
    {
        for (int i = 0; i < seconds * Robot.ControlRateHz && !done(); i++)
            Tick();
        return done();
    }

    public void Run(double seconds) => RunUntil(() => false, seconds);

    /// <summary>Waits for the device, then arms as a person does.</summary>
    public void Arm()
    {
        Assert.True(RunUntil(() => Device.IsReady, 20), Device.Diagnosis);
        Run(0.1);
        Supervisor.Confirm(ArmingChecks.LimpProcess, ok: true);
        bool armed = TryArm();
        ControlStatus status = default;
        Rig.Describe(ref status, Robot, 0, 0);
        Assert.True(armed, $"missing {status.ArmingMissing}, causes {Supervisor.Causes}");
    }

    /// <summary>A person presses arm.</summary>
    public bool TryArm()
    {
        Rig.Obey(OperatorVerb.Arm);
        return Supervisor.Arming == ArmingState.Armed;
    }

    public void Dispose()
    {
        Rig.Dispose();
        Memory.Dispose();
        Robot.Dispose();
    }
}
