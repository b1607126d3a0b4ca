using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads samples into one reused record.</summary>
internal sealed class TypedSink<T>(Action<T> handler) : ICheckedSink
    where T : class, IRosMessage<T>, new()
{
    private readonly T _message = new();

    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        var reader = new CdrReader(cdr);
        if (!_message.TryRead(ref reader))
            return false;
        handler(_message);
        return true;
    }
}
