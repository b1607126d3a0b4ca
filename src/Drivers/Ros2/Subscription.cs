using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>A topic this node listens to, with counters of what came.</summary>
public sealed class Subscription : IDisposable, ISampleSink
{
    private readonly RosNode _node;
    private readonly DdsReader _reader;
    private readonly ICheckedSink _sink;
    private readonly Lock _gate = new(); // between the receiving thread and Dispose; never on the tick
    private long _received;
    private long _malformed;
    private long _oversized;
    private nint _token;
    private bool _disposed;

    internal Subscription(RosNode node, string topic, string type, DdsReader reader, ICheckedSink sink)
    {
        _node = node;
        _reader = reader;
        _sink = sink;
        Topic = topic;
        Type = type;
    }

    /// <summary>Absolute name of the topic.</summary>
    public string Topic { get; }

    /// <summary>ROS type.</summary>
    public string Type { get; }

    /// <summary>Identity in the graph.</summary>
    public Gid Gid => _reader.Gid;

    /// <summary>Publishers connected (at most 64 are counted).</summary>
    public int Publishers => _reader.MatchedWriters;

    /// <summary>Samples that were good.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Samples dropped because their bytes are not such a message.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Samples dropped because they exceed <see cref="RosOptions.MaxSampleBytes"/>.</summary>
    public long Oversized => Interlocked.Read(ref _oversized);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _node.Context.Receiver.Detach(_reader.Handle, _token);
            _reader.Dispose();
        }
        _node.Forget(this, _reader, null);
    }

    void ISampleSink.OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        if (cdr.Length > _node.Context.Options.MaxSampleBytes)
            Interlocked.Increment(ref _oversized);
        else if (_sink.TryTake(cdr, in info))
            Interlocked.Increment(ref _received);
        else
            Interlocked.Increment(ref _malformed);
    }

    internal void Start() => _token = _node.Context.Receiver.Attach(_reader.Handle, Drain);

    private void Drain()
    {
        lock (_gate)
        {
            if (!_disposed)
                _reader.Take(this);
        }
    }
}
