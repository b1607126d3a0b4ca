namespace Robotics.Teleop;

/// <summary>How one axis of a device becomes one motion of the robot.</summary>
/// <param name="Motion">Index of the motion.</param>
/// <param name="Axis">Index of the device's axis.</param>
/// <param name="Deadzone">Deflection that counts as none, 0..1; what is beyond it is stretched to the whole range, so that there is no jump.</param>
/// <param name="Expo">0 linear to 1 cubic: fine near the centre, full at the stop.</param>
/// <param name="Scale">Factor at full deflection, sign included.</param>
internal readonly record struct AxisBinding(int Motion, int Axis, float Deadzone, float Expo, float Scale)
{
    /// <summary>(1 − e) x + e x³ of the stretched deflection x, times the scale.</summary>
    public float Shape(float deflection)
    {
        float beyond = Math.Max(0, MathF.Abs(deflection) - Deadzone) / (1 - Deadzone);
        float x = MathF.CopySign(beyond, deflection);
        return Scale * (((1 - Expo) * x) + (Expo * x * x * x));
    }
}
