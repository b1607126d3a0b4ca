namespace Robotics.Core;

/// <summary>One scalar that a driver reads or writes, for example <c>position.x</c> in m or <c>rotor.0</c> in rpm.</summary>
/// <param name="Name">Dotted lower-case name, unique within its layout. Names that several rooms share are in <see cref="ChannelNames"/>.</param>
/// <param name="Unit">SI unit or the unit declared in robot.yaml (<c>m</c>, <c>rad</c>, <c>rad/s</c>, <c>1</c>, <c>rpm</c>).</param>
/// <param name="Minimum">Least legal value; for a command channel the actuator's own limit. Negative infinity where there is none.</param>
/// <param name="Maximum">Greatest legal value.</param>
/// <param name="Privileged">True where only a simulator or motion capture can know it: for critics, never for a policy on the edge.</param>
public sealed record Channel(
    string Name,
    string Unit,
    double Minimum = double.NegativeInfinity,
    double Maximum = double.PositiveInfinity,
    bool Privileged = false
);
