using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

internal static class Cdr
{
    public static byte[] Bytes(IRosMessage message)
    {
        var writer = new CdrWriter();
        message.Write(writer);
        return writer.Written.ToArray();
    }
}
