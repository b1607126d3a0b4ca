namespace Robotics.Core;

/// <summary>A robot that can be put into a chosen state at once: a simulator. Real robots are reset by named procedures instead.</summary>
public interface IResettableRobot
{
    /// <summary>Puts the robot into the state given by <paramref name="state"/>, one value per state channel of the driver.</summary>
    /// <remarks>NaN leaves that channel at the robot's own default. Takes effect before the next read. Does not allocate.</remarks>
    void Reset(ReadOnlySpan<float> state);
}
