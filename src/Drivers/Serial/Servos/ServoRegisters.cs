namespace Robotics.Drivers.Serial.Servos;

/// <summary>Where a servo family keeps what the arm driver needs. Addresses are of the makers' control tables.</summary>
public sealed record ServoRegisters
{
    /// <summary>Family, for messages.</summary>
    public required string Family { get; init; }

    /// <summary>Address of the 2-byte model number.</summary>
    public required int Model { get; init; }

    /// <summary>Model numbers that are understood.</summary>
    public required IReadOnlyList<int> Models { get; init; }

    /// <summary>Torque enable, 1 byte.</summary>
    public required int TorqueEnable { get; init; }

    /// <summary>Goal position.</summary>
    public required int Goal { get; init; }

    /// <summary>Bytes of a position.</summary>
    public required int GoalBytes { get; init; }

    /// <summary>Torque (or PWM) limit, 2 bytes.</summary>
    public required int TorqueLimit { get; init; }

    /// <summary>Value of <see cref="TorqueLimit"/> for full torque.</summary>
    public required int TorqueFull { get; init; }

    /// <summary>Bus watchdog, 1 byte; -1 where the servo has none.</summary>
    public required int Watchdog { get; init; }

    /// <summary>First register of the block that is read every tick.</summary>
    public required int Block { get; init; }

    /// <summary>Its length.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>Offsets of position, velocity, load and temperature in the block.</summary>
    public required (int Position, int Velocity, int Load, int Temperature) Offsets { get; init; }

    /// <summary>rad/s of one unit of velocity.</summary>
    public required double VelocityUnit { get; init; }

    /// <summary>True where negative numbers carry a sign bit (position and velocity bit 15, load bit 10) instead of two's complement.</summary>
    public required bool IsSignMagnitude { get; init; }

    /// <summary>Steps of one turn.</summary>
    public const int StepsPerTurn = 4096;

    /// <summary>Present position of <paramref name="block"/>, steps.</summary>
    public int Position(ReadOnlySpan<byte> block) => Number(block[Offsets.Position..], GoalBytes, 15);

    /// <summary>Present velocity, rad/s.</summary>
    public double Velocity(ReadOnlySpan<byte> block) => Number(block[Offsets.Velocity..], GoalBytes, 15) * VelocityUnit;

    /// <summary>Present load, share of full torque, -1..1.</summary>
    public double Load(ReadOnlySpan<byte> block) => Number(block[Offsets.Load..], 2, 10) / 1000.0; // both families: 0.1 %

    /// <summary>Temperature, degrees Celsius.</summary>
    public int Temperature(ReadOnlySpan<byte> block) => block[Offsets.Temperature];

    /// <summary>Writes a number of <paramref name="bytes"/> bytes; <paramref name="signBit"/> counts where the family has sign bits.</summary>
    public void WriteNumber(Span<byte> target, int value, int bytes, int signBit)
    {
        int raw = IsSignMagnitude && value < 0 ? -value | (1 << signBit) : value;
        for (int i = 0; i < bytes; i++)
            target[i] = (byte)(raw >> (8 * i));
    }

    private int Number(ReadOnlySpan<byte> bytes, int count, int signBit)
    {
        int raw = 0;
        for (int i = 0; i < count; i++)
            raw |= bytes[i] << (8 * i);
        if (!IsSignMagnitude)
            return count == 2 ? (short)raw : raw;
        int magnitude = raw & ((1 << signBit) - 1);
        return (raw & (1 << signBit)) != 0 ? -magnitude : magnitude;
    }
}
