using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Publishes CDR bytes on a topic. Safe from any thread; a reliable publisher may block while a slow subscriber holds it up.</summary>
public sealed class RawPublisher : IDisposable
{
    private readonly RosNode _node;
    private readonly DdsWriter _writer;
    private readonly CdrWriter _cdr = new();
    private readonly Lock _gate = new();

    internal RawPublisher(RosNode node, string topic, string type, DdsWriter writer)
    {
        _node = node;
        _writer = writer;
        Topic = topic;
        Type = type;
    }

    /// <summary>Absolute name of the topic.</summary>
    public string Topic { get; }

    /// <summary>ROS type.</summary>
    public string Type { get; }

    /// <summary>Identity in the graph.</summary>
    public Gid Gid => _writer.Gid;

    /// <summary>Subscriptions connected (at most 64 are counted).</summary>
    public int Subscribers => _writer.MatchedReaders;

    /// <summary>Sends one message as CDR with its header. Does not allocate.</summary>
    /// <returns>False where DDS refused (timeout of a bounded reliable write, disposed), or the bytes are no message: header and at least one octet.</returns>
    public bool TryPublish(ReadOnlySpan<byte> cdr) => cdr.Length > CdrReader.HeaderBytes && _writer.Write(cdr) >= 0;

    /// <summary>Encodes and sends one message.</summary>
    /// <returns>As <see cref="TryPublish(ReadOnlySpan{byte})"/>.</returns>
    public bool TryPublish(IRosMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_gate)
        {
            _cdr.Reset();
            message.Write(_cdr);
            return _writer.Write(_cdr.Written) >= 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _node.Forget(this, null, _writer);
    }
}
