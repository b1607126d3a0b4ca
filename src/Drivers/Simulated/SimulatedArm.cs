using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Drivers;

/// <summary>A six-joint arm with a keyed peg in its gripper over a plate with a hole; it exists only as its kinematics.</summary>
/// <remarks>
/// <para>Commands are a tip velocity and a yaw rate, as the Cartesian controllers of real arms take them: the reference pose is integrated, held
/// inside the workspace, by the plate and by the hole, and the joints follow by damped least squares within their speed and angle limits.</para>
/// <para><see cref="Read(SensorSample)"/> integrates in fixed steps up to the clock's time, so a run depends on clock, commands and resets alone.
/// Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class SimulatedArm : IRobotDriver, IResettableRobot, IRestingRobot, IActuatorFaults
{
    private const double FollowPerS = 20; // gain of the joints towards the reference: 50 ms, well inside a policy period of 100 ms

    private readonly ArmParameters _arm;
    private readonly ArmKinematics _kinematics;
    private readonly PegHole _workpiece;
    private readonly IClock _clock;
    private readonly long _stepNs;
    private readonly double _stepS;
    private readonly double[] _joints = new double[ArmParameters.Joints];
    private readonly double[] _command = new double[ArmChannels.CommandCount];
    private readonly double[] _gain = [1, 1, 1, 1];
    private readonly double[] _stuckAt = [double.NaN, double.NaN, double.NaN, double.NaN];
    private ToolPose _reference;
    private ToolPose _hole;
    private Vector3<double> _tip;
    private Vector3<double> _velocity;
    private bool _contact;
    private long _timeNs;
    private long _sequence;
    private bool _fresh;

    /// <summary>An arm in the middle of its workspace over a hole at the same place.</summary>
    /// <param name="arm">Geometry and limits.</param>
    /// <param name="workpiece">What the peg meets.</param>
    /// <param name="clock">How far <see cref="Read(SensorSample)"/> integrates.</param>
    /// <param name="integratorRateHz">Fixed steps per second.</param>
    public SimulatedArm(ArmParameters arm, PegHole workpiece, IClock clock, double integratorRateHz)
    {
        _arm = arm ?? throw new ArgumentNullException(nameof(arm));
        _workpiece = workpiece ?? throw new ArgumentNullException(nameof(workpiece));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _kinematics = new ArmKinematics(arm);
        _stepNs = (long)Math.Round(1e9 / integratorRateHz);
        _stepS = 1 / integratorRateHz;
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

    /// <summary>Reads the sections <c>driver</c>, <c>arm</c> and <c>workpiece</c> of robot.yaml.</summary>
    public static SimulatedArm Read(ConfigMap robotRoot, ConfigMap driver, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ArgumentNullException.ThrowIfNull(driver);
        driver.OneOf("model", ["arm"]);
        double rate = driver.Number("integrator_rate_hz", 10, 10_000);
        ConfigMap section = robotRoot.Map("arm");
        ArmParameters arm = ArmParameters.Read(section);
        PegHole workpiece = PegHole.Read(robotRoot.Map("workpiece"));
        bool whole = robotRoot.Document.Problems.Count == 0;
        if (whole && FindUnreachable(arm, workpiece) is { } corner)
            section.AddProblem("workspace_min_m", $"the arm cannot reach the corner {corner} of its workspace with the tool pointing down: move the workspace or widen the joints' angles");
        return new SimulatedArm(arm, workpiece, clock, rate);
    }

    /// <inheritdoc/>
    /// <remarks>The tip is put where the position and yaw channels say, the joints follow from that; the joints' own channels are not asked.
    /// NaN means the middle of the workspace, yaw 0. A place outside the workspace is moved to its edge.</remarks>
    public void Reset(ReadOnlySpan<float> state)
    {
        if (state.Length != ArmChannels.StateCount)
            throw new ArgumentException($"{state.Length} values for {ArmChannels.StateCount} state channels", nameof(state));
        Vector3<double> middle = 0.5 * (_arm.WorkspaceMin + _arm.WorkspaceMax);
        ReadOnlySpan<float> hole = state[ArmChannels.Hole..];
        _hole = new ToolPose(Or(hole[0], middle.X), Or(hole[1], middle.Y), 0, Or(hole[2], 0));
        ReadOnlySpan<float> tip = state[ArmChannels.Tip..];
        var start = new ToolPose(Or(tip[0], middle.X), Or(tip[1], middle.Y), Math.Max(0, Or(tip[2], middle.Z)), Or(state[ArmChannels.Yaw], 0));
        _reference = InWorkspace(start);
        _joints.AsSpan().Clear();
        _kinematics.TryInverse(new Vector3<double>(_reference.X, _reference.Y, _reference.Z), _reference.Yaw, _joints);
        _tip = _kinematics.Tip(_joints);
        _velocity = default;
        _contact = false;
        _command.AsSpan().Clear();
        _timeNs = _clock.NowNs;
        _fresh = true;
    }

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        long now = _clock.NowNs;
        while (now - _timeNs >= _stepNs)
        {
            Step();
            _timeNs += _stepNs;
            _fresh = true;
        }
        if (!_fresh)
            return sample.Status = ReadStatus.Unchanged;
        _fresh = false;
        Pack(sample.Values);
        sample.Stamp(_timeNs);
        sample.Sequence = ++_sequence;
        return sample.Status = ReadStatus.Ok;
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != _command.Length)
            return WriteStatus.Refused;
        for (int i = 0; i < _command.Length; i++)
            _command[i] = double.IsNaN(_stuckAt[i]) ? _gain[i] * command.Values[i] : _stuckAt[i];
        if (command.Action >= SafetyAction.PowerCut)
            _command.AsSpan().Clear(); // its brakes hold it
        return WriteStatus.Ok;
    }

    /// <inheritdoc/>
    public void SetActuator(int channel, double gain, double stuckAt)
    {
        _gain[channel] = gain;
        _stuckAt[channel] = stuckAt;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose() { }

    private void Step()
    {
        ToolPose before = _reference;
        ToolPose wanted = InWorkspace(new ToolPose(
            before.X + (_command[0] * _stepS), before.Y + (_command[1] * _stepS), before.Z + (_command[2] * _stepS), before.Yaw + (_command[3] * _stepS)));
        _contact = _workpiece.Resolve(before, ref wanted, _hole);
        _reference = wanted;
        Follow(before);
        Vector3<double> tip = _kinematics.Tip(_joints);
        _velocity = 1 / _stepS * (tip - _tip);
        _tip = tip;
    }

    // Joint velocities for the reference's own velocity and for what the joints still lack of it, within their limits.
    private void Follow(ToolPose before)
    {
        (double s, double c) = Math.SinCos(_joints[0]);
        double lean = FollowPerS * _kinematics.Tilt(_joints);
        double turn = ((_reference.Yaw - before.Yaw) / _stepS) + (FollowPerS * (before.Yaw - ArmKinematics.Yaw(_joints)));
        ReadOnlySpan<double> twist =
        [
            ((_reference.X - before.X) / _stepS) + (FollowPerS * (before.X - _tip.X)),
            ((_reference.Y - before.Y) / _stepS) + (FollowPerS * (before.Y - _tip.Y)),
            ((_reference.Z - before.Z) / _stepS) + (FollowPerS * (before.Z - _tip.Z)),
            -s * lean, c * lean, turn,
        ];
        Span<double> velocity = stackalloc double[ArmParameters.ToolJoints];
        _kinematics.JointVelocities(_joints, twist, velocity);
        double fastest = 0;
        foreach (double v in velocity)
            fastest = Math.Max(fastest, Math.Abs(v));
        double slow = fastest > _arm.MaxJointSpeed ? _arm.MaxJointSpeed / fastest : 1;
        for (int i = 0; i < velocity.Length; i++)
            _joints[i] = Math.Clamp(_joints[i] + (slow * velocity[i] * _stepS), _arm.MinAngle[i], _arm.MaxAngle[i]);
    }

    private ToolPose InWorkspace(ToolPose p) => new(
        Math.Clamp(p.X, _arm.WorkspaceMin.X, _arm.WorkspaceMax.X), Math.Clamp(p.Y, _arm.WorkspaceMin.Y, _arm.WorkspaceMax.Y),
        Math.Clamp(p.Z, _arm.WorkspaceMin.Z, _arm.WorkspaceMax.Z), Math.Clamp(p.Yaw, -_arm.MaxYaw, _arm.MaxYaw));

    private void Pack(Span<float> values)
    {
        double yaw = ArmKinematics.Yaw(_joints);
        Put(values[ArmChannels.Tip..], _tip);
        Put(values[ArmChannels.TipVelocity..], _velocity);
        values[ArmChannels.Yaw] = (float)yaw;
        Put(values[ArmChannels.PegToHole..], _tip - new Vector3<double>(_hole.X, _hole.Y, 0));
        values[ArmChannels.PegToHole + 3] = (float)(yaw - _hole.Yaw);
        values[ArmChannels.Contact] = _contact ? 1 : 0;
        for (int i = 0; i < _joints.Length; i++)
            values[ArmChannels.JointStart + i] = (float)_joints[i];
        values[ArmChannels.Hole] = (float)_hole.X;
        values[ArmChannels.Hole + 1] = (float)_hole.Y;
        values[ArmChannels.Hole + 2] = (float)_hole.Yaw;
    }

    private static void Put(Span<float> to, Vector3<double> v) => (to[0], to[1], to[2]) = ((float)v.X, (float)v.Y, (float)v.Z);

    private static double Or(float value, double fallback) => float.IsNaN(value) ? fallback : value;

    private static string? FindUnreachable(ArmParameters arm, PegHole workpiece)
    {
        var kinematics = new ArmKinematics(arm);
        Span<double> q = stackalloc double[ArmParameters.Joints];
        for (int corner = 0; corner < 16; corner++)
        {
            var tip = new Vector3<double>(
                (corner & 1) == 0 ? arm.WorkspaceMin.X : arm.WorkspaceMax.X, (corner & 2) == 0 ? arm.WorkspaceMin.Y : arm.WorkspaceMax.Y,
                (corner & 4) == 0 ? Math.Max(arm.WorkspaceMin.Z, -workpiece.Depth) : arm.WorkspaceMax.Z);
            if (!kinematics.TryInverse(tip, (corner & 8) == 0 ? -arm.MaxYaw : arm.MaxYaw, q))
                return $"({tip.X}, {tip.Y}, {tip.Z}) m";
        }
        return null;
    }
}
