namespace Robotics.Drivers.Serial.Servos;

/// <summary>Lets an arm of bus servos go gently, from another process, when its control process is gone: torque limit to zero over a ramp, then off (R16).</summary>
/// <remarks>Asks nothing and waits for no answer: a bus that has just lost its master may be in any state. Not thread-safe.</remarks>
public sealed class ServoLimp
{
    private const int Steps = 20;
    private const int Repeats = 3; // of the last frame: nobody answers a sync write
    private readonly ServoArmOptions _options;
    private readonly byte[] _frame = new byte[FrameOutbox.MaxFrame];
    private readonly byte[] _ids;
    private readonly byte[] _data;
    private int _length;

    /// <summary>For the arm of <paramref name="options"/>.</summary>
    public ServoLimp(ServoArmOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _ids = [.. options.Joints.Select(j => j.Id)];
        _data = new byte[_ids.Length * 2];
    }

    /// <summary>Frames sent by the last <see cref="Step"/> calls.</summary>
    public int Sent { get; private set; }

    /// <summary>True once torque is off.</summary>
    public bool IsLimp => Sent >= Steps + Repeats;

    /// <summary>Time between two calls of <see cref="Step"/> for a ramp of <paramref name="rampS"/> seconds, ns.</summary>
    public static long StepNs(double rampS) => (long)(rampS / Steps * 1e9);

    /// <summary>Sends the next frame of the ramp; the first one already lowers the torque. False where the bus is gone: the frame did not go out.</summary>
    public bool Step(IByteStream bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ServoRegisters registers = _options.Protocol.Registers;
        int n;
        if (Sent < Steps)
        {
            double share = _options.TorqueLimit * (Steps - 1 - Sent) / Steps;
            for (int i = 0; i < _ids.Length; i++)
                registers.WriteNumber(_data.AsSpan(2 * i), (int)(share * registers.TorqueFull), 2, 15);
            n = _options.Protocol.SyncWrite(_frame, _ids, registers.TorqueLimit, 2, _data);
        }
        else
        {
            n = _options.Protocol.SyncWrite(_frame, _ids, registers.TorqueEnable, 1, new byte[_ids.Length]);
        }
        _length = n;
        if (!Again(bus))
            return false;
        Sent++;
        return true;
    }

    /// <summary>Sends the last frame once more: an answer to the dead master may have run into it. False where the bus is gone.</summary>
    public bool Again(IByteStream bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.TryWrite(_frame.AsSpan(0, _length), out _) != StreamStatus.Lost;
    }
}
