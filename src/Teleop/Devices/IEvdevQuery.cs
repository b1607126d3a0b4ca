namespace Robotics.Teleop;

/// <summary>What an evdev node answers besides its events: the ioctl side, which a recording does not have.</summary>
public interface IEvdevQuery
{
    /// <summary>Range and present value of an absolute axis (EVIOCGABS).</summary>
    bool TryAxisRange(int code, out int minimum, out int maximum, out int value);

    /// <summary>One bit per key code that is held now (EVIOCGKEY).</summary>
    bool TryKeys(Span<byte> bits);
}
