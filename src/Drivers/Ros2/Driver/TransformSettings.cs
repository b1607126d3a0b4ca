namespace Robotics.Drivers.Ros2;

/// <summary>One pose of robot.yaml that comes from /tf, checked.</summary>
/// <param name="Parent">Frame the pose is expressed in.</param>
/// <param name="Child">Frame whose pose it is.</param>
/// <param name="Components">Which of x, y, z, qw, qx, qy, qz go to the channels.</param>
/// <param name="Channels">State channel of each component.</param>
internal sealed record TransformSettings(string Parent, string Child, int[] Components, int[] Channels);
