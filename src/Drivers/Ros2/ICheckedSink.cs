using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Takes samples of a subscription as bytes and says which were good.</summary>
public interface ICheckedSink
{
    /// <summary>One sample, header included; valid during the call only; may hold anything. Called on the receiving thread.</summary>
    /// <returns>False where the bytes are not such a message: the subscription counts it.</returns>
    bool TryTake(ReadOnlySpan<byte> cdr, in SampleInfo info);
}
