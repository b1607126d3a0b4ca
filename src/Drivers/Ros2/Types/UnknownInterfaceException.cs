namespace Robotics.Drivers.Ros2;

/// <summary>A message or service type that could not be found. The message says where it was looked for.</summary>
public sealed class UnknownInterfaceException(string message) : Exception(message);
