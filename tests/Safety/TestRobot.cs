using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety.Tests;

/// <summary>A small quadrotor with tight limits, its model, and the tick that joins it to a supervisor on a virtual clock.</summary>
internal sealed class TestRobot
{
    public const string Yaml = """
        robot: test-quad
        control_rate_hz: 100
        driver: {kind: simulated}
        airframe:
          mass_kg: 0.027
          gravity_m_s2: 9.81
          inertia_kg_m2: [3.85e-06, 3.85e-06, 5.9675e-06]
          inverse_inertia_1_kg_m2: [259740.2597402597, 259740.2597402597, 167574.36112274823]
          command: {unit: rpm, minimum: 0.0, maximum: 21702.0}
          every_rotor:
            thrust_curve_n: [0.0, 0.0, 3.16e-10]
            torque_constant_m: 0.005964552
            rise_time_constant_s: 0.15
            fall_time_constant_s: 0.15
          rotors:
            - {position_m: [0.028, -0.028, 0.0], torque_direction: [0, 0, -1]}
            - {position_m: [-0.028, -0.028, 0.0], torque_direction: [0, 0, 1]}
            - {position_m: [-0.028, 0.028, 0.0], torque_direction: [0, 0, -1]}
            - {position_m: [0.028, 0.028, 0.0], torque_direction: [0, 0, 1]}
        safety:
          staleness: {position_ms: 100, orientation_ms: 25, linear_velocity_ms: 100, angular_velocity_ms: 50}
          max_tilt_rad: 1.0
          tilt_lead_s: 0.05
          max_speed_m_s: 3
          max_angular_speed_rad_s: 30
          cage: {min_m: [-3, -3, -3], max_m: [3, 3, 3], margin_m: 0.1, braking_acceleration_m_s2: 2.5, latency_s: 0.25}
        baseline:
          kind: quadrotor_hover
          recoverable: {max_tilt_rad: 1.2, max_speed_m_s: 1.5, max_angular_speed_rad_s: 5, settle_s: 5, drift_m: 2}
        arming: {automatic: true, checks: []}
        """;

    public const double PeriodS = 0.01;
    private const long PeriodNs = 10_000_000;
    private readonly QuadrotorModel<double> _model;

    public TestRobot(string yaml = Yaml)
    {
        var document = ConfigDocument.Parse(yaml, "robot.yaml");
        Parameters = QuadrotorParameters.Read(document.Root.Map("airframe"));
        _model = new QuadrotorModel<double>(Parameters);
        State = Layout();
        Command = new ChannelLayout(ChannelNames.Rotors.Select(n => new Channel(n, Parameters.CommandUnit, Parameters.CommandMinimum, Parameters.CommandMaximum)));
        Supervisor = SafetySupervisor.Read(document.Root, State, Command, PeriodS);
        document.Root.String("robot");
        document.Root.Number("control_rate_hz");
        document.ThrowIfBad();
        Sample = new SensorSample(State);
        Proposal = new Proposal(4);
        Hover = (float)Parameters.HoverSetpoint;
        Vehicle = QuadrotorState<double>.AtRest(Parameters.HoverSetpoint);
    }

    public QuadrotorParameters Parameters { get; }

    public ChannelLayout State { get; }

    public ChannelLayout Command { get; }

    public SafetySupervisor Supervisor { get; }

    public SensorSample Sample { get; }

    public Proposal Proposal { get; }

    public ManualClock Clock { get; } = new(1_000_000_000);

    public QuadrotorState<double> Vehicle;

    public float Hover { get; }

    public static ChannelLayout Layout() =>
        new([
            .. ChannelNames.Position.Select(n => new Channel(n, "m")),
            .. ChannelNames.Orientation.Select(n => new Channel(n, "1")),
            .. ChannelNames.LinearVelocity.Select(n => new Channel(n, "m/s")),
            .. ChannelNames.AngularVelocity.Select(n => new Channel(n, "rad/s")),
        ]);

    public TestRobot Armed()
    {
        Read();
        Supervisor.Inspect(Sample, Clock.NowNs);
        Assert.True(Supervisor.TryArm(out ArmingChecks missing), missing.ToString());
        return this;
    }

    public void Read()
    {
        Span<float> v = Sample.Values;
        (v[0], v[1], v[2]) = ((float)Vehicle.Position.X, (float)Vehicle.Position.Y, (float)Vehicle.Position.Z);
        (v[3], v[4], v[5], v[6]) = ((float)Vehicle.Orientation.W, (float)Vehicle.Orientation.X, (float)Vehicle.Orientation.Y, (float)Vehicle.Orientation.Z);
        (v[7], v[8], v[9]) = ((float)Vehicle.LinearVelocity.X, (float)Vehicle.LinearVelocity.Y, (float)Vehicle.LinearVelocity.Z);
        (v[10], v[11], v[12]) = ((float)Vehicle.AngularVelocity.X, (float)Vehicle.AngularVelocity.Y, (float)Vehicle.AngularVelocity.Z);
        Sample.Stamp(Clock.NowNs);
        Sample.Sequence++;
        Sample.Status = ReadStatus.Ok;
    }

    public void Propose(params float[] values)
    {
        values.CopyTo(Proposal.Values);
        Proposal.Length = values.Length;
        Proposal.Source = ActionSource.Policy;
        Proposal.SampleTimeNs = Clock.NowNs;
    }

    public void ProposeHover() => Propose(Hover, Hover, Hover, Hover);

    /// <summary>One control period: the clock moves, the model flies <paramref name="command"/>.</summary>
    public void Fly(in SafeCommand command)
    {
        Span<double> setpoints = stackalloc double[4];
        for (int i = 0; i < 4; i++)
            setpoints[i] = command.Values[i];
        Clock.Advance(PeriodNs);
        _model.Step(ref Vehicle, setpoints, PeriodS);
    }

    /// <summary>Read, filter, fly.</summary>
    public SafeCommand Tick()
    {
        Read();
        SafeCommand command = Supervisor.Filter(Proposal, Sample, Clock.NowNs);
        Fly(command);
        return command;
    }
}
