using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads samples into messages of a type known only at run time.</summary>
internal sealed class DynamicSink(InterfaceCatalog catalog, string type, Action<DynamicMessage> handler) : ICheckedSink
{
    public bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info)
    {
        var message = new DynamicMessage(catalog, type);
        var reader = new CdrReader(cdr);
        if (!message.TryRead(ref reader))
            return false;
        handler(message);
        return true;
    }
}
