using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>A node somewhere in the graph.</summary>
/// <param name="Participant">The participant that announced it.</param>
/// <param name="Namespace">Absolute namespace.</param>
/// <param name="Name">Name without namespace.</param>
/// <param name="Readers">Its subscriptions, service servers' request and clients' reply readers.</param>
/// <param name="Writers">Its publishers and the writers of its services.</param>
public sealed record GraphNode(Gid Participant, string Namespace, string Name, IReadOnlyList<Gid> Readers, IReadOnlyList<Gid> Writers)
{
    /// <summary>Namespace and name.</summary>
    public string FullName => Namespace == "/" ? "/" + Name : $"{Namespace}/{Name}";
}
