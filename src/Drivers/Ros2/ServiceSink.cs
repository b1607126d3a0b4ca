using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads a request, lets the handler fill the response and sends it: Cyclone's service mapping.</summary>
/// <remarks>Request and response carry <c>u64 client; i64 sequence</c> in front of their fields (rmw_cyclonedds <c>cdds_request_header</c>).</remarks>
internal sealed class ServiceSink<TRequest, TResponse>(
    TRequest request, TResponse response, Action<TRequest, TResponse> handler, DdsWriter writer, DdsReader reader) : ICheckedSink
    where TRequest : class, IRosMessage
    where TResponse : class, IRosMessage
{
    private readonly CdrWriter _cdr = new();
    private readonly ReplyPeers _peers = new(writer, reader);

    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        var cdrReader = new CdrReader(cdr);
        ulong client = cdrReader.ReadUInt64();
        long sequence = cdrReader.ReadInt64();
        if (!request.TryRead(ref cdrReader))
            return false;
        handler(request, response);
        _cdr.Reset();
        _cdr.WriteUInt64(client);
        _cdr.WriteInt64(sequence);
        response.Write(_cdr);
        _peers.WaitFor(info.PublicationHandle);
        return writer.Write(_cdr.Written) >= 0;
    }
}
