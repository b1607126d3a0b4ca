namespace Robotics.Drivers.Ros2;

/// <summary>A message that can be written to and read from CDR in place. One instance is reused for a whole stream.</summary>
public interface IRosMessage
{
    /// <summary>Appends the fields in the order of the .msg text.</summary>
    void Write(CdrWriter writer);

    /// <summary>Fills this instance; texts and arrays are replaced only where they differ in length or content.</summary>
    /// <returns>False where the bytes do not hold such a message; the instance then holds a mixture and must not be used.</returns>
    bool TryRead(ref CdrReader reader);
}
