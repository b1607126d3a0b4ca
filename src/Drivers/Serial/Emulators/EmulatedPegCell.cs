using Robotics.Drivers.Serial.Servos;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>An emulated servo arm with a keyed peg in its gripper, over a plate with a hole: what the servos turn is held back by plate and hole.</summary>
/// <remarks>Kinematic contact as on the simulated arm (<see cref="PegHole"/>): a tip that is driven into the plate stays on it and slides. Servos that
/// push against it feel no load, so the protection of a blocked joint is not what this shows. One thread; allocates only what the bus does.</remarks>
public sealed class EmulatedPegCell : IEmulatedDevice
{
    private const long StepNs = 1_000_000; // at 0.04 m/s the tip moves 40 um between two looks at a clearance of 1 mm

    private readonly EmulatedServoBus _bus;
    private readonly IReadOnlyList<ServoJoint> _map;
    private readonly ArmKinematics _kinematics;
    private readonly PegHole _workpiece;
    private readonly double[] _joints = new double[ArmParameters.Joints];
    private ToolPose _tip;

    /// <summary>A cell around <paramref name="bus"/>, whose servos stand wherever they stand.</summary>
    /// <param name="bus">The servos, in the order of <paramref name="joints"/>.</param>
    /// <param name="joints">Which servo position is which angle.</param>
    /// <param name="arm">Geometry.</param>
    /// <param name="workpiece">What the peg meets.</param>
    public EmulatedPegCell(EmulatedServoBus bus, IReadOnlyList<ServoJoint> joints, ArmParameters arm, PegHole workpiece)
    {
        _bus = bus ?? throw new ArgumentNullException(nameof(bus));
        _map = joints ?? throw new ArgumentNullException(nameof(joints));
        _kinematics = new ArmKinematics(arm);
        _workpiece = workpiece ?? throw new ArgumentNullException(nameof(workpiece));
        _tip = Measure();
    }

    /// <summary>Where the hole is: base frame, in the plate's surface, z = 0.</summary>
    public ToolPose Hole { get; private set; }

    /// <summary>True while plate, wall or bottom holds the peg back.</summary>
    public bool Contact { get; private set; }

    /// <summary>The servos.</summary>
    public EmulatedServoBus Bus => _bus;

    /// <summary>Puts the joints to <paramref name="angles"/> (rad, [6]) at rest, and the hole to <paramref name="hole"/>: an operator's hand between two episodes.</summary>
    public void Place(ReadOnlySpan<double> angles, ToolPose hole)
    {
        for (int i = 0; i < _map.Count; i++)
            Servo(i).Place(_map[i].ToSteps(angles[i]));
        Hole = hole;
        Contact = false;
        _tip = Measure();
    }

    /// <inheritdoc/>
    public void AdvanceTo(long timeNs)
    {
        while (_bus.TimeNs < timeNs)
        {
            long before = _bus.TimeNs;
            _bus.AdvanceTo(Math.Min(timeNs, before + StepNs));
            if (_bus.TimeNs == before)
                return; // less than a step of the bus is left
            Touch();
        }
    }

    /// <inheritdoc/>
    public void Restart() => _bus.Restart();

    /// <inheritdoc/>
    public string Describe() => _bus.Describe();

    private void Touch()
    {
        ToolPose wanted = Measure();
        Contact = _workpiece.Resolve(_tip, ref wanted, Hole);
        _tip = wanted;
        if (!Contact || !_kinematics.TryInverse(new Vector3<double>(wanted.X, wanted.Y, wanted.Z), wanted.Yaw, _joints))
            return;
        for (int i = 0; i < ArmParameters.ToolJoints; i++)
            Servo(i).HoldBack(_map[i].ZeroSteps + (_map[i].Direction * _joints[i] / ServoJoint.StepRad));
    }

    private ToolPose Measure()
    {
        for (int i = 0; i < _map.Count; i++)
            _joints[i] = _map[i].Direction * (Servo(i).Position - _map[i].ZeroSteps) * ServoJoint.StepRad;
        Vector3<double> tip = _kinematics.Tip(_joints);
        return new ToolPose(tip.X, tip.Y, tip.Z, ArmKinematics.Yaw(_joints));
    }

    private EmulatedServo Servo(int joint) => _bus.Servos[_map[joint].Id - 1];
}
