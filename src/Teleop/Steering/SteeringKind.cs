namespace Robotics.Teleop;

/// <summary>How motions of a person move a robot.</summary>
public enum SteeringKind
{
    /// <summary>Motion i is value i of the task's action: arms and whatever takes velocities or small steps.</summary>
    Action,

    /// <summary>Forward, left, up and turn are velocities in the robot's heading, held by its flight controller: quadrotors.</summary>
    Velocity,
}
