using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Answers of a service whose handler cannot know them at once: reply later, from any thread.</summary>
/// <remarks>The receiving thread is free in between, so an emergency stop is never queued behind a slow request.</remarks>
internal sealed class DeferredService<TRequest, TResponse>(Action<TRequest, ServiceCall> handler, DdsWriter writer, DdsReader reader) : ICheckedSink
    where TRequest : class, IRosMessage<TRequest>, new()
    where TResponse : class, IRosMessage<TResponse>, new()
{
    private readonly TRequest _request = new();
    private readonly CdrWriter _cdr = new();
    private readonly ReplyPeers _peers = new(writer, reader);
    private readonly Lock _gate = new();

    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        var cdrReader = new CdrReader(cdr);
        ulong client = cdrReader.ReadUInt64();
        long sequence = cdrReader.ReadInt64();
        if (!_request.TryRead(ref cdrReader))
            return false;
        handler(_request, new ServiceCall(client, sequence, info.PublicationHandle));
        return true;
    }

    public bool Reply(ServiceCall call, TResponse response)
    {
        lock (_gate)
        {
            _cdr.Reset();
            _cdr.WriteUInt64(call.Client);
            _cdr.WriteInt64(call.Sequence);
            response.Write(_cdr);
            _peers.WaitFor(call.Publication);
            return writer.Write(_cdr.Written) >= 0;
        }
    }
}
