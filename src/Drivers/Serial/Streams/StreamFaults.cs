namespace Robotics.Drivers.Serial;

/// <summary>What is wrong with a link: options of <see cref="FaultyByteStream"/>. All zero: nothing.</summary>
public sealed record StreamFaults
{
    /// <summary>Probability that a byte disappears, 0..1 (ArduPilot's SIM_UART_LOSS).</summary>
    public double ByteLoss { get; init; }

    /// <summary>Probability that a bit is inverted, 0..1.</summary>
    public double BitError { get; init; }

    /// <summary>Probability that what one write hands over arrives twice, 0..1.</summary>
    public double Duplicate { get; init; }

    /// <summary>Every byte arrives this much later, ns.</summary>
    public long DelayNs { get; init; }

    /// <summary>The two ends disagree on the baud rate: every byte arrives as another one.</summary>
    public bool WrongBaud { get; init; }

    /// <summary>The transmit buffer is full: writes are not taken.</summary>
    public bool BufferFull { get; init; }

    /// <summary>The cable is out: nothing passes and both ends see a lost stream.</summary>
    public bool Unplugged { get; init; }
}
