using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial.Servos;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>The simulated arm's task on an emulated servo bus: tip velocity and yaw rate in, the same channels out, and between them the servos'
/// own protocol with its cycle, steps, lag and identification.</summary>
/// <remarks>The reference pose is integrated, held inside the workspace and near the measured tip, and put on the joints by inverse kinematics;
/// joint angles come from the servos' answers. Peg, plate and hole are the emulator's (<see cref="EmulatedPegCell"/>), so no real bus will do.
/// Control thread only.</remarks>
public sealed class EmulatedPegArm : IRobotDriver, IResettableRobot, IRestingRobot, IDeviceReadiness
{
    private const double LeashS = 0.15; // an STS3215 follows 67 ms behind; more than twice of that is an arm that something holds back
    private const double LongestTickS = 0.1; // after a longer silence the reference does not jump

    private readonly ArmParameters _arm;
    private readonly ArmKinematics _kinematics;
    private readonly ServoArmDriver _servos;
    private readonly EmulatedPegCell _cell;
    private readonly IClock _clock;
    private readonly SensorSample _answers;
    private readonly double[] _joints = new double[ArmParameters.Joints];
    private readonly double[] _speeds = new double[ArmParameters.Joints];
    private readonly double[] _goals = new double[ArmParameters.Joints];
    private readonly float[] _written = new float[ArmParameters.Joints];
    private ToolPose _reference;
    private long _writtenNs;
    private long _sequence;
    private bool _placed;

    private EmulatedPegArm(ArmParameters arm, ServoArmDriver servos, EmulatedPegCell cell, IClock clock)
    {
        (_arm, _servos, _cell, _clock) = (arm, servos, cell, clock);
        _kinematics = new ArmKinematics(arm);
        _answers = new SensorSample(servos.StateChannels);
        StateChannels = ArmChannels.State(arm);
        CommandChannels = ArmChannels.Command(arm);
        Span<float> allDefault = stackalloc float[ArmChannels.StateCount];
        allDefault.Fill(float.NaN);
        Reset(allDefault);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    /// <inheritdoc/>
    public double[] RestCommand => new double[ArmChannels.CommandCount];

    /// <inheritdoc/>
    public bool IsReady => _servos.IsReady;

    /// <inheritdoc/>
    public double CommandTimeoutS => _servos.CommandTimeoutS;

    /// <inheritdoc/>
    public bool IsObeying => _servos.IsObeying;

    /// <inheritdoc/>
    public string Diagnosis => _servos.Diagnosis;

    /// <summary>Bus cycles in which every servo answered.</summary>
    public long FullCycles => _servos.FullCycles;

    /// <summary>Reads the sections <c>servos</c> (a servo arm's <c>driver</c>), <c>channels</c>, <c>arm</c> and <c>workpiece</c> of a robot.yaml; problems go to its document.</summary>
    public static IRobotDriver Read(ConfigMap robotRoot, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ServoArmOptions options = ServoArmOptions.Read(robotRoot.Map("servos"), robotRoot.Map("channels"));
        ArmParameters arm = ArmParameters.Read(robotRoot.Map("arm"));
        PegHole workpiece = PegHole.Read(robotRoot.Map("workpiece"));
        if (options.Endpoint.Kind != EndpointKind.Emulator)
            robotRoot.Map("servos").AddProblem("endpoint", $"{options.Endpoint}: peg, plate and hole exist in the emulator only; write emulator here, or drive a real bus as hardware/so101-arm does");
        if (!options.Joints.Select(j => j.Name).SequenceEqual(ArmParameters.JointNames))
            robotRoot.AddProblem("channels", $"the arm's kinematics need the joints {string.Join(", ", ArmParameters.JointNames)} in this order");
        if (robotRoot.Document.Problems.Count > 0)
            return new SimulatedArm(arm, workpiece, clock, 1000); // never flown: the same channels, so that the task has no problems of its own
        var stream = new EmulatorByteStream(device => new EmulatedPegCell(EmulatedDevices.Servos(options, device), options.Joints, arm, workpiece), clock);
        return new EmulatedPegArm(arm, new ServoArmDriver(options, stream, clock), (EmulatedPegCell)stream.Device, clock);
    }

    /// <inheritdoc/>
    /// <remarks>The tip is put where the position and yaw channels say, or to the nearest place of its workspace; NaN means its middle, yaw 0.</remarks>
    public void Reset(ReadOnlySpan<float> state)
    {
        if (state.Length != ArmChannels.StateCount)
            throw new ArgumentException($"{state.Length} values for {ArmChannels.StateCount} state channels", nameof(state));
        Vector3<double> middle = 0.5 * (_arm.WorkspaceMin + _arm.WorkspaceMax);
        ReadOnlySpan<float> hole = state[ArmChannels.Hole..], tip = state[ArmChannels.Tip..];
        _reference = InWorkspace(new ToolPose(Or(tip[0], middle.X), Or(tip[1], middle.Y), Math.Max(0, Or(tip[2], middle.Z)), Or(state[ArmChannels.Yaw], 0)));
        _goals.AsSpan().Clear();
        _kinematics.TryInverse(new Vector3<double>(_reference.X, _reference.Y, _reference.Z), _reference.Yaw, _goals);
        _cell.Place(_goals, new ToolPose(Or(hole[0], middle.X), Or(hole[1], middle.Y), 0, Or(hole[2], 0)));
        for (int i = 0; i < _joints.Length; i++)
            _joints[i] = ServoJoint.StepRad * Math.Round(_goals[i] / ServoJoint.StepRad); // where a servo can stand
        _speeds.AsSpan().Clear();
        _writtenNs = _clock.NowNs;
        _placed = true;
    }

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ReadStatus status = _servos.Read(_answers);
        if (_placed && status is (ReadStatus.Ok or ReadStatus.Unchanged))
            status = ReadStatus.Ok; // answers that were under way are of the place before
        else if (status == ReadStatus.Ok)
            TakeAnswers();
        if (status != ReadStatus.Ok)
            return sample.Status = status;
        _placed = false;
        Pack(sample.Values);
        sample.Stamp(_clock.NowNs);
        sample.Sequence = ++_sequence;
        return sample.Status = ReadStatus.Ok;
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != ArmChannels.CommandCount)
            return WriteStatus.Refused;
        Move(command.Values, command.Action >= SafetyAction.PowerCut);
        if (_kinematics.TryInverse(new Vector3<double>(_reference.X, _reference.Y, _reference.Z), _reference.Yaw, _goals))
        {
            for (int i = 0; i < _goals.Length; i++)
                _written[i] = (float)_goals[i];
        }
        return _servos.WriteGoals(_written, command);
    }

    /// <inheritdoc/>
    public void Dispose() => _servos.Dispose();

    private void TakeAnswers()
    {
        int each = _answers.Layout.Count / ArmParameters.Joints;
        for (int i = 0; i < _joints.Length; i++)
            (_joints[i], _speeds[i]) = (_answers.Values[i * each], _answers.Values[(i * each) + 1]);
    }

    // Where the arm is held back the reference waits for it, so that a person who lifts need not undo what was asked for before.
    private void Move(ReadOnlySpan<float> velocity, bool off)
    {
        long now = _clock.NowNs;
        double dt = off ? 0 : Math.Min(LongestTickS, (now - _writtenNs) * 1e-9);
        _writtenNs = now;
        Vector3<double> tip = _kinematics.Tip(_joints);
        double yaw = ArmKinematics.Yaw(_joints), reach = off ? 0 : LeashS * _arm.MaxTipSpeed, turn = off ? 0 : LeashS * _arm.MaxYawRate;
        _reference = InWorkspace(new ToolPose(
            Math.Clamp(_reference.X + (velocity[0] * dt), tip.X - reach, tip.X + reach), Math.Clamp(_reference.Y + (velocity[1] * dt), tip.Y - reach, tip.Y + reach),
            Math.Clamp(_reference.Z + (velocity[2] * dt), tip.Z - reach, tip.Z + reach), Math.Clamp(_reference.Yaw + (velocity[3] * dt), yaw - turn, yaw + turn)));
    }

    private ToolPose InWorkspace(ToolPose p) => new(
        Math.Clamp(p.X, _arm.WorkspaceMin.X, _arm.WorkspaceMax.X), Math.Clamp(p.Y, _arm.WorkspaceMin.Y, _arm.WorkspaceMax.Y),
        Math.Clamp(p.Z, _arm.WorkspaceMin.Z, _arm.WorkspaceMax.Z), Math.Clamp(p.Yaw, -_arm.MaxYaw, _arm.MaxYaw));

    private void Pack(Span<float> values)
    {
        Vector3<double> tip = _kinematics.Tip(_joints);
        double yaw = ArmKinematics.Yaw(_joints);
        ToolPose hole = _cell.Hole;
        Put(values[ArmChannels.Tip..], tip);
        PutVelocity(values[ArmChannels.TipVelocity..]);
        values[ArmChannels.Yaw] = (float)yaw;
        Put(values[ArmChannels.PegToHole..], tip - new Vector3<double>(hole.X, hole.Y, 0));
        values[ArmChannels.PegToHole + 3] = (float)(yaw - hole.Yaw);
        values[ArmChannels.Contact] = _cell.Contact ? 1 : 0;
        for (int i = 0; i < _joints.Length; i++)
            values[ArmChannels.JointStart + i] = (float)_joints[i];
        (values[ArmChannels.Hole], values[ArmChannels.Hole + 1], values[ArmChannels.Hole + 2]) = ((float)hole.X, (float)hole.Y, (float)hole.Yaw);
    }

    private void PutVelocity(Span<float> to)
    {
        Span<double> jacobian = stackalloc double[6 * ArmParameters.ToolJoints];
        _kinematics.Jacobian(_joints, jacobian);
        for (int row = 0; row < 3; row++)
        {
            double sum = 0;
            for (int i = 0; i < ArmParameters.ToolJoints; i++)
                sum += jacobian[(row * ArmParameters.ToolJoints) + i] * _speeds[i];
            to[row] = (float)sum;
        }
    }

    private static void Put(Span<float> to, Vector3<double> v) => (to[0], to[1], to[2]) = ((float)v.X, (float)v.Y, (float)v.Z);

    private static double Or(float value, double fallback) => float.IsNaN(value) ? fallback : value;
}
