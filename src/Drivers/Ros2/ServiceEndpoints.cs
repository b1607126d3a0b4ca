using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>The two DDS endpoints of one side of a service.</summary>
internal sealed record ServiceEndpoints(string Name, DdsReader Reader, DdsWriter Writer);
