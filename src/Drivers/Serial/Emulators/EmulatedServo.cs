using Robotics.Drivers.Serial.Servos;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>One bus servo: control table, motion with a speed limit, heat from load, overload protection.</summary>
/// <remarks>C T' = P (load)² − (T − ambient) / R: 60 K above ambient at full load after some minutes, as small metal-gear servos do.</remarks>
public sealed class EmulatedServo
{
    private const double MaxSpeed = 3100; // steps/s: STS3215 at 7.4 V turns 0.222 s/60 deg
    private const double Acceleration = 30_000; // steps/s2
    private const double Ambient = 25;
    private const double HeatRiseC = 60; // at full load
    private const double HeatTimeS = 200;
    private const double OverloadShare = 0.8; // register 36 ships with 80 %
    private const double OverloadTimeS = 2; // register 35, 2 s
    private readonly ServoRegisters _registers;
    private double _overloadS;
    private double _heldTorque;

    /// <summary>A servo <paramref name="id"/> of model <paramref name="model"/> at <paramref name="position"/> steps.</summary>
    public EmulatedServo(ServoRegisters registers, byte id, int model, double position)
    {
        _registers = registers;
        Id = id;
        Position = position;
        Store(registers.Model, model, 2);
        Restart();
    }

    /// <summary>Power came back: torque off, full torque limit, no watchdog, goal where it stands.</summary>
    public void Restart()
    {
        Table[_registers.TorqueEnable] = 0;
        Store(_registers.TorqueLimit, _registers.TorqueFull, 2);
        Store(_registers.Goal, (int)Position, _registers.GoalBytes);
        if (_registers.Watchdog >= 0)
            Table[_registers.Watchdog] = 0;
        (Velocity, _heldTorque, _overloadS) = (0, 0, 0);
    }

    /// <summary>Bus id.</summary>
    public byte Id { get; }

    /// <summary>Control table.</summary>
    public byte[] Table { get; } = new byte[256];

    /// <summary>Position, steps.</summary>
    public double Position { get; private set; }

    /// <summary>Velocity, steps/s.</summary>
    public double Velocity { get; private set; }

    /// <summary>Temperature, degrees Celsius; a fault option.</summary>
    public double Temperature { get; set; } = Ambient;

    /// <summary>Something holds the horn: a fault option.</summary>
    public bool Stuck { get; set; }

    /// <summary>Does not answer: a fault option.</summary>
    public bool Dead { get; set; }

    /// <summary>Torque it gives, share of its full torque, signed; what its load register says.</summary>
    public double Load => _heldTorque;

    /// <summary>Error byte of its answers: bit 5 overload, bit 2 temperature.</summary>
    public byte Error { get; private set; }

    /// <summary>True while the motor is powered.</summary>
    public bool Torque => Table[_registers.TorqueEnable] != 0;

    /// <summary>Largest torque, share of the servo's full torque, as the bus wrote it.</summary>
    public double TorqueLimit => (Table[_registers.TorqueLimit] | (Table[_registers.TorqueLimit + 1] << 8)) / (double)_registers.TorqueFull;

    /// <summary>Writes the same as the bus would: for fault options such as a register that ignores writes.</summary>
    public void Store(int address, int value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
            Table[address + i] = (byte)(value >> (8 * i));
    }

    /// <summary>Puts the horn to <paramref name="position"/> steps, at rest, with nothing else to reach: somebody turned it by hand.</summary>
    public void Place(double position)
    {
        (Position, Velocity) = (position, 0);
        Store(_registers.Goal, (int)position, _registers.GoalBytes);
        Refresh();
    }

    /// <summary>Something outside holds the horn at <paramref name="position"/> steps in this moment; the motor goes on turning towards its goal.</summary>
    public void HoldBack(double position)
    {
        Position = position;
        Refresh();
    }

    /// <summary>Moves by <paramref name="dt"/> seconds and refreshes the table.</summary>
    public void Step(double dt)
    {
        int goal = 0;
        for (int i = 0; i < _registers.GoalBytes; i++)
            goal |= Table[_registers.Goal + i] << (8 * i);
        double limit = TorqueLimit;
        double error = goal - Position;
        double wanted = Torque && !Stuck ? Math.Clamp(error * 15, -MaxSpeed, MaxSpeed) : 0;
        double change = Math.Clamp(wanted - Velocity, -Acceleration * dt, Acceleration * dt);
        Velocity = Stuck ? 0 : Velocity + change;
        Position += Velocity * dt;
        double effort = Torque ? Math.Clamp((Stuck ? error / 100 : 0) + (change / dt / Acceleration * 0.3), -limit, limit) : 0;
        _heldTorque += (effort - _heldTorque) * Math.Min(1, dt / 0.05);
        Temperature += dt / HeatTimeS * ((HeatRiseC * _heldTorque * _heldTorque) + Ambient - Temperature);
        Protect(dt);
        Refresh();
    }

    private void Protect(double dt)
    {
        _overloadS = Math.Abs(_heldTorque) > OverloadShare ? _overloadS + dt : 0;
        if (_overloadS > OverloadTimeS)
        {
            Error |= 1 << 5;
            Table[_registers.TorqueEnable] = 0;
        }
        else if (!Torque)
        {
            Error = 0;
        }
    }

    private void Refresh()
    {
        Span<byte> block = Table.AsSpan(_registers.Block, _registers.BlockBytes);
        double unit = 2 * Math.PI / ServoRegisters.StepsPerTurn;
        _registers.WriteNumber(block[_registers.Offsets.Position..], (int)Math.Round(Position), _registers.GoalBytes, 15);
        _registers.WriteNumber(block[_registers.Offsets.Velocity..], (int)(Velocity * unit / _registers.VelocityUnit), _registers.GoalBytes, 15);
        _registers.WriteNumber(block[_registers.Offsets.Load..], (int)(_heldTorque * 1000), 2, 10);
        block[_registers.Offsets.Temperature] = (byte)Temperature;
    }
}
