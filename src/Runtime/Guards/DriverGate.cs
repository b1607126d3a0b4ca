using Robotics.Core;

namespace Robotics.Runtime.Guards;

/// <summary>A driver that two threads may command: the control thread, and the watching thread when control stands still.</summary>
/// <remarks>Drivers belong to one thread at a time. Whoever finds the other inside does not wait but goes on without: control's command is
/// replaced by the one being written, the watching thread's is left out, for a loop that hangs inside its own driver is beyond us and the
/// device's timeout protects. Costs control two interlocked operations per call; allocates nothing.</remarks>
public sealed class DriverGate(IRobotDriver driver) : IRobotDriver
{
    private int _inside;

    /// <summary>Calls that found the other thread inside. Any thread.</summary>
    public long Collisions { get; private set; }

    /// <inheritdoc/>
    public ChannelLayout StateChannels => driver.StateChannels;

    /// <inheritdoc/>
    public ChannelLayout CommandChannels => driver.CommandChannels;

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (!TryEnter())
            return sample.Status = sample.Status == ReadStatus.Missing ? ReadStatus.Missing : ReadStatus.Unchanged;
        try
        {
            return driver.Read(sample);
        }
        finally
        {
            Volatile.Write(ref _inside, 0);
        }
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!TryEnter())
            return WriteStatus.Replaced;
        try
        {
            return driver.Write(command);
        }
        finally
        {
            Volatile.Write(ref _inside, 0);
        }
    }

    /// <summary>The gate owns nothing.</summary>
    public void Dispose()
    {
    }

    private bool TryEnter()
    {
        if (Interlocked.CompareExchange(ref _inside, 1, 0) == 0)
            return true;
        Collisions++;
        return false;
    }
}
