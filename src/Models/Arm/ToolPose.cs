namespace Robotics.Models;

/// <summary>Where the tip of a tool that points down is: base frame, m, and yaw about the vertical, rad.</summary>
public record struct ToolPose(double X, double Y, double Z, double Yaw);
