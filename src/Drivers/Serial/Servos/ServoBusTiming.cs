namespace Robotics.Drivers.Serial.Servos;

/// <summary>How fast a half-duplex servo bus can be cycled: goals out, block read of every servo back.</summary>
public static class ServoBusTiming
{
    private const double BitsPerByte = 10; // start, 8 data, stop

    /// <summary>Seconds of one cycle of <paramref name="servos"/> servos at <paramref name="baud"/>.</summary>
    /// <param name="protocol">Which bus.</param>
    /// <param name="servos">Servos on it.</param>
    /// <param name="baud">Bits per second.</param>
    /// <param name="returnDelayS">Pause of a servo before it answers; LeRobot sets the register to 0, the servo still needs about 20 us.</param>
    /// <param name="hostLatencyS">What the host side adds per cycle: 1 ms with the USB latency timer at 1.</param>
    public static double CycleS(IServoProtocol protocol, int servos, int baud, double returnDelayS = 20e-6, double hostLatencyS = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        Span<byte> frame = stackalloc byte[FrameOutbox.MaxFrame];
        Span<byte> ids = stackalloc byte[servos];
        Span<byte> goals = stackalloc byte[servos * protocol.Registers.GoalBytes];
        int bytes = protocol.SyncWrite(frame, ids, protocol.Registers.Goal, protocol.Registers.GoalBytes, goals);
        bytes += protocol.SyncRead(frame, ids, protocol.Registers.Block, protocol.Registers.BlockBytes);
        bytes += servos * protocol.StatusBytes(protocol.Registers.BlockBytes);
        return (bytes * BitsPerByte / baud) + (servos * returnDelayS) + hostLatencyS;
    }
}
