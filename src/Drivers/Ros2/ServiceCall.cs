namespace Robotics.Drivers.Ros2;

/// <summary>A request that waits for its answer.</summary>
/// <param name="Client">The client, as it names itself.</param>
/// <param name="Sequence">The client's number of the request.</param>
/// <param name="Publication">The client's request writer as DDS knows it here.</param>
public readonly record struct ServiceCall(ulong Client, long Sequence, ulong Publication);
