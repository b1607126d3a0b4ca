namespace Robotics.Teleop;

/// <summary>The bytes a device gives: a device node, a FIFO, standard input, or a recording in memory.</summary>
public interface IDeviceStream : IDisposable
{
    /// <summary>The endpoint as the user wrote it, for messages.</summary>
    string Name { get; }

    /// <summary>Takes bytes that have already arrived, without waiting.</summary>
    /// <returns>Their number; 0 where there are none now; -1 where the device has gone.</returns>
    int Read(Span<byte> buffer);
}
