using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>A service this node serves.</summary>
public sealed class RosService : IDisposable, ISampleSink
{
    private readonly RosNode _node;
    private readonly ServiceEndpoints _ends;
    private readonly ICheckedSink _sink;
    private readonly Lock _gate = new();
    private readonly nint _token;
    private long _served;
    private long _malformed;
    private bool _disposed;

    internal RosService(RosNode node, ServiceEndpoints ends, ICheckedSink sink)
    {
        _node = node;
        _ends = ends;
        _sink = sink;
        _token = node.Context.Receiver.Attach(ends.Reader.Handle, Drain);
    }

    /// <summary>Absolute name.</summary>
    public string Name => _ends.Name;

    /// <summary>Requests answered.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>Requests dropped because their bytes are not such a request.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _node.Context.Receiver.Detach(_ends.Reader.Handle, _token);
            _ends.Reader.Dispose();
            _ends.Writer.Dispose();
        }
        _node.Forget(this, _ends.Reader, _ends.Writer);
    }

    void ISampleSink.OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        if (cdr.Length <= _node.Context.Options.MaxSampleBytes && _sink.TryTake(cdr, in info))
            Interlocked.Increment(ref _served);
        else
            Interlocked.Increment(ref _malformed);
    }

    private void Drain()
    {
        lock (_gate)
        {
            if (!_disposed)
                _ends.Reader.Take(this);
        }
    }
}
