using System.Collections.Concurrent;
using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Calls a service. Safe from any thread; allocates per call.</summary>
public sealed class RosClient<TRequest, TResponse> : IDisposable, ISampleSink
    where TRequest : class, IRosMessage
    where TResponse : class, IRosMessage
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(2);
    private readonly RosNode _node;
    private readonly ServiceEndpoints _ends;
    private readonly Func<TResponse> _newResponse;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<TResponse>> _pending = new();
    private readonly CdrWriter _cdr = new();
    private readonly Lock _sendGate = new();
    private readonly Lock _gate = new();
    private readonly ulong _identity;
    private readonly nint _token;
    private long _sequence;
    private long _malformed;
    private bool _disposed;

    internal unsafe RosClient(RosNode node, ServiceEndpoints ends, Func<TResponse> newResponse)
    {
        _node = node;
        _ends = ends;
        _newResponse = newResponse;
        ulong handle;
        DdsException.Check(DdsNative.dds_get_instance_handle(ends.Writer.Handle, &handle), $"handle of the client of {ends.Name}");
        _identity = handle;
        _token = node.Context.Receiver.Attach(ends.Reader.Handle, Drain);
    }

    /// <summary>Absolute name of the service.</summary>
    public string Name => _ends.Name;

    /// <summary>True where a server is connected in both directions.</summary>
    public bool IsServerReady => _ends.Writer.MatchedReaders > 0 && _ends.Reader.MatchedWriters > 0;

    /// <summary>Replies dropped because their bytes are not such a response.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Waits until <see cref="IsServerReady"/>.</summary>
    /// <returns>False after <paramref name="timeout"/>.</returns>
    public async Task<bool> WaitForServerAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        long deadline = _node.Context.Clock.NowNs + (long)timeout.TotalNanoseconds;
        while (!IsServerReady)
        {
            if (_node.Context.Clock.NowNs >= deadline)
                return false;
            await Task.Delay(s_poll, cancellation).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Sends <paramref name="request"/> and waits for its answer.</summary>
    /// <exception cref="TimeoutException">No answer in <paramref name="timeout"/>; the message says whether a server was there.</exception>
    public async Task<TResponse> CallAsync(TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!await WaitForServerAsync(timeout, cancellation).ConfigureAwait(false))
            throw new TimeoutException($"{Name}: no server within {timeout.TotalSeconds:0.###} s (a Fast DDS node cannot be called: its service mapping differs)");
        var answer = new TaskCompletionSource<TResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        long sequence = Interlocked.Increment(ref _sequence);
        _pending[sequence] = answer;
        try
        {
            Send(request, sequence);
            return await answer.Task.WaitAsync(timeout, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{Name}: the server did not answer within {timeout.TotalSeconds:0.###} s", e);
        }
        finally
        {
            _pending.TryRemove(sequence, out _);
        }
    }

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
        var reader = new CdrReader(cdr);
        ulong client = reader.ReadUInt64();
        long sequence = reader.ReadInt64();
        if (reader.Ok && client != _identity)
            return; // another client's answer
        TResponse response = _newResponse();
        if (cdr.Length > _node.Context.Options.MaxSampleBytes || !response.TryRead(ref reader))
            Interlocked.Increment(ref _malformed);
        else if (_pending.TryRemove(sequence, out TaskCompletionSource<TResponse>? answer))
            answer.TrySetResult(response);
    }

    private void Send(TRequest request, long sequence)
    {
        lock (_sendGate)
        {
            _cdr.Reset();
            _cdr.WriteUInt64(_identity);
            _cdr.WriteInt64(sequence);
            request.Write(_cdr);
            DdsException.Check(_ends.Writer.Write(_cdr.Written), $"request to {Name}");
        }
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
