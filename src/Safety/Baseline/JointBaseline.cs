using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Holds, decelerates or lets go of a robot with position-controlled joints (an arm, a gripper).</summary>
/// <remarks>
/// <para>Taking over at command velocity v₀ (the last two commands), each joint is led on with v(t) = v₀ − a·t until it rests, then held
/// there: no step in velocity, no snap back to the measured place. In shadow it follows the commands.</para>
/// <para>Limp ramps the torque limits to zero over <c>limp_s</c>; a joint without a torque limit is held, which an STS3215 does by itself.</para>
/// <para>Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class JointBaseline : IBaselineController
{
    private readonly JointBaselineJoint[] _joints;
    private readonly double[] _velocity;
    private readonly double[] _target;
    private readonly double[] _last;
    private readonly float[] _maxTorque;
    private readonly double _periodS;
    private readonly double _limpStep;
    private double _torqueShare = 1;
    private bool _seen;

    /// <summary>A baseline of <paramref name="joints"/>; full torque limits as the command channels declare them.</summary>
    public JointBaseline(IReadOnlyList<JointBaselineJoint> joints, ChannelLayout command, double limpS, double periodS)
    {
        ArgumentNullException.ThrowIfNull(command);
        _joints = [.. joints];
        _velocity = new double[_joints.Length];
        _target = new double[_joints.Length];
        _last = new double[_joints.Length];
        _maxTorque = [.. _joints.Select(j => j.Torque >= 0 ? (float)command[j.Torque].Maximum : 0)];
        _periodS = periodS;
        _limpStep = periodS / limpS;
    }

    /// <summary>Reads <c>kind: joint_hold</c>: <c>joints: [{command, position, torque, deceleration_rad_s2}]</c>, <c>limp_s</c>.</summary>
    public static JointBaseline Read(ConfigMap baseline, ChannelLayout state, ChannelLayout command, double periodS)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        string[] states = [.. state.Select(c => c.Name)];
        string[] commands = [.. command.Select(c => c.Name)];
        var joints = new List<JointBaselineJoint>();
        foreach (ConfigMap joint in baseline.Maps("joints"))
        {
            int torque = joint.Has("torque") ? command.IndexOf(joint.OneOf("torque", commands)) : -1;
            joints.Add(new(
                Math.Max(0, command.IndexOf(joint.OneOf("command", commands))), Math.Max(0, state.IndexOf(joint.OneOf("position", states))), torque,
                joint.Number("deceleration_rad_s2", 1e-3, 1e6)));
        }
        return new JointBaseline(joints, command, baseline.Number("limp_s", 0.01, 60, fallback: 1), periodS);
    }

    /// <inheritdoc/>
    public string? Validate() =>
        _joints.Length == 0 ? "no joints: baseline.joints must list every joint it holds"
        : _joints.DistinctBy(j => j.Command).Count() != _joints.Length ? "two joints share a command channel"
        : null;

    /// <inheritdoc/>
    public void Reset()
    {
        _seen = false;
        _torqueShare = 1;
        Array.Clear(_velocity);
    }

    /// <inheritdoc/>
    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        Follow(input, inCharge);
        _torqueShare = goal == BaselineGoal.Limp && inCharge ? Math.Max(0, _torqueShare - _limpStep) : 1;
        for (int i = 0; i < _joints.Length; i++)
        {
            double drop = _joints[i].Deceleration * _periodS;
            _velocity[i] = Math.Sign(_velocity[i]) * Math.Max(0, Math.Abs(_velocity[i]) - drop);
            _target[i] += _velocity[i] * _periodS;
            command[_joints[i].Command] = (float)_target[i];
            if (_joints[i].Torque >= 0)
                command[_joints[i].Torque] = (float)(_torqueShare * _maxTorque[i]);
        }
        Rest = inCharge ? RestOf(goal) : BaselineRest.Moving;
        return BaselineStatus.Ok;
    }

    /// <inheritdoc/>
    public BaselineRest Rest { get; private set; }

    /// <inheritdoc/>
    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (JointBaselineJoint joint in _joints)
        {
            // Without power the target follows the joint, so that power never comes back with a jump (R8).
            bool follow = action >= SafetyAction.PowerCut && input.Fresh[joint.Position];
            command[joint.Command] = follow ? input.Values[joint.Position] : input.LastCommand[joint.Command];
            if (joint.Torque >= 0)
                command[joint.Torque] = 0;
        }
    }

    private BaselineRest RestOf(BaselineGoal goal)
    {
        bool letsGo = goal == BaselineGoal.Limp;
        foreach (double velocity in _velocity)
        {
            if (velocity != 0)
                return BaselineRest.Moving;
        }
        foreach (JointBaselineJoint joint in _joints)
            letsGo &= joint.Torque >= 0;
        if (!letsGo)
            return BaselineRest.Held;
        return _torqueShare > 0 ? BaselineRest.Moving : BaselineRest.Unpowered;
    }

    // In shadow, target and velocity follow what was emitted; before anything was, the measured place.
    private void Follow(BaselineInput input, bool inCharge)
    {
        if (inCharge && _seen)
            return;
        for (int i = 0; i < _joints.Length; i++)
        {
            double last = _seen ? input.LastCommand[_joints[i].Command] : input.Values[_joints[i].Position];
            _velocity[i] = _seen ? (last - _last[i]) / _periodS : 0;
            _target[i] = _last[i] = last;
        }
        _seen = true;
    }
}
