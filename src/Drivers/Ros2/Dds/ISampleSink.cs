namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Takes the samples of a reader as bytes.</summary>
public interface ISampleSink
{
    /// <summary>One sample, encapsulation header included. The bytes are DDS's own and valid only during the call; they may be anything.</summary>
    void OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info);
}
