namespace Robotics.Teleop;

/// <summary>Makes the terminal give keys one by one and without echo for as long as it lives, and puts it back afterwards.</summary>
public sealed unsafe class TerminalMode : IDisposable
{
    private const int AttributeBytes = 60; // struct termios of 64-bit glibc
    private const int LocalFlagsOffset = 12; // c_lflag
    private const uint Canonical = 2; // ICANON, bits/termios-c_lflag.h
    private const uint Echo = 8; // ECHO

    private readonly byte[] _before = new byte[AttributeBytes];
    private readonly bool _changed;

    /// <summary>Changes standard input where it is a terminal; Ctrl-C still interrupts.</summary>
    public TerminalMode()
    {
        fixed (byte* b = _before)
        {
            if (Native.GetAttributes(0, b) != 0)
                return; // a pipe or a file
            byte* now = stackalloc byte[AttributeBytes];
            new ReadOnlySpan<byte>(b, AttributeBytes).CopyTo(new Span<byte>(now, AttributeBytes));
            *(uint*)(now + LocalFlagsOffset) &= ~(Canonical | Echo);
            _changed = Native.SetAttributes(0, 0, now) == 0;
        }
    }

    /// <summary>The terminal as it was.</summary>
    public void Dispose()
    {
        if (!_changed)
            return;
        fixed (byte* b = _before)
            _ = Native.SetAttributes(0, 0, b);
    }
}
