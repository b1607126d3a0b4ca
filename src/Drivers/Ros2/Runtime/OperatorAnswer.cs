namespace Robotics.Drivers.Ros2;

/// <summary>What became of a request to the control thread.</summary>
internal readonly record struct OperatorAnswer(OperatorRequest Request, ServiceCall Call, bool Ok, uint Refusal, bool TimedOut);
