namespace Robotics.Drivers.Serial.Servos;

/// <summary>A joint of an arm and the servo that moves it: from robot.yaml (limits) and the calibration file (where zero is).</summary>
/// <param name="Name">Joint name, lower case.</param>
/// <param name="Id">Servo id on the bus.</param>
/// <param name="ZeroSteps">Servo position at joint angle 0, steps.</param>
/// <param name="Direction">+1 or -1: which way the servo turns for a growing angle.</param>
/// <param name="MinRad">Least angle.</param>
/// <param name="MaxRad">Greatest angle.</param>
public sealed record ServoJoint(string Name, byte Id, int ZeroSteps, int Direction, double MinRad, double MaxRad)
{
    /// <summary>Angle of one servo step, rad.</summary>
    public const double StepRad = 2 * Math.PI / ServoRegisters.StepsPerTurn;

    /// <summary>Joint angle, rad, at servo position <paramref name="steps"/>.</summary>
    public double ToRadians(int steps) => Direction * (steps - ZeroSteps) * StepRad;

    /// <summary>Servo position for <paramref name="radians"/>, inside the joint's limits.</summary>
    public int ToSteps(double radians) => ZeroSteps + (Direction * (int)Math.Round(Math.Clamp(radians, MinRad, MaxRad) / StepRad));
}
