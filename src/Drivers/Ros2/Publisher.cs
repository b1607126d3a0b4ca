using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Publishes messages of one type. Safe from any thread.</summary>
public sealed class Publisher<T> : IDisposable
    where T : class, IRosMessage<T>, new()
{
    private readonly RawPublisher _raw;

    internal Publisher(RawPublisher raw) => _raw = raw;

    /// <summary>Absolute name of the topic.</summary>
    public string Topic => _raw.Topic;

    /// <summary>Identity in the graph.</summary>
    public Gid Gid => _raw.Gid;

    /// <summary>Subscriptions connected.</summary>
    public int Subscribers => _raw.Subscribers;

    /// <summary>Sends <paramref name="message"/>. Allocates nothing once the buffer has grown to the largest message.</summary>
    /// <returns>False where DDS refused.</returns>
    public bool TryPublish(T message) => _raw.TryPublish(message);

    /// <inheritdoc/>
    public void Dispose() => _raw.Dispose();
}
