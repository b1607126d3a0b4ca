namespace Robotics.Safety;

/// <summary>One joint of a robot that the joint baseline holds. Immutable.</summary>
/// <param name="Command">Index of its position command channel.</param>
/// <param name="Position">Index of its measured position.</param>
/// <param name="Torque">Index of its torque limit command channel; -1 where it has none: limp then means holding.</param>
/// <param name="Deceleration">How fast a moving joint is brought to rest, rad/s².</param>
public readonly record struct JointBaselineJoint(int Command, int Position, int Torque, double Deceleration);
